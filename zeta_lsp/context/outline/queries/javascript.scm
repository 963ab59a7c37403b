; Items.
(class_declaration name: (identifier) @name body: (class_body) @body) @item.class
(variable_declarator name: (identifier) @name value: (class body: (class_body) @body)) @item.class

(function_declaration name: (identifier) @name body: (statement_block) @body) @item.function
(generator_function_declaration name: (identifier) @name body: (statement_block) @body) @item.function
(method_definition name: (_) @name body: (statement_block) @body) @item.function
(variable_declarator name: (identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @item.function
(pair key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @item.function
(assignment_expression left: (member_expression property: (_) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @item.function

(field_definition property: (_) @name value: (arrow_function body: (_) @body)) @item.function
(field_definition property: (_) @name) @item.field
((assignment_expression left: (member_expression object: (this) property: (_) @name)) @item.attribute)

(program (lexical_declaration (variable_declarator name: (identifier) @name) @item.variable))
(program (variable_declaration (variable_declarator name: (identifier) @name) @item.variable))
(program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name) @item.variable)))
((assignment_expression left: (member_expression object: (identifier) @_exports property: (_) @name)) @item.variable
  (#eq? @_exports "exports"))

; Imports. A default import binds what the module exports as `default`.
(import_statement
  (import_clause (identifier) @name @default)
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (namespace_import (identifier) @name))
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (named_imports (import_specifier name: (_) @origin alias: (_)? @name)))
  source: (string (string_fragment) @module)) @import
(import_statement . source: (string (string_fragment) @module)) @import

(export_statement
  (export_clause (export_specifier name: (_) @origin alias: (_)? @name))
  source: (string (string_fragment) @module)) @import
(export_statement (namespace_export (identifier) @name) source: (string (string_fragment) @module)) @import
(export_statement "*" @all source: (string (string_fragment) @module)) @import

((variable_declarator
  name: (identifier) @name
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module)))) @import
  (#eq? @_require "require"))
((variable_declarator
  name: (object_pattern (shorthand_property_identifier_pattern) @origin)
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module)))) @import
  (#eq? @_require "require"))
((variable_declarator
  name: (object_pattern (pair_pattern key: (_) @origin value: (identifier) @name))
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module)))) @import
  (#eq? @_require "require"))
