; Items. The same for TSX.
(class_declaration name: (_) @name body: (class_body) @body) @item.class
(abstract_class_declaration name: (_) @name body: (class_body) @body) @item.class
(variable_declarator name: (identifier) @name value: (class body: (class_body) @body)) @item.class
(interface_declaration name: (_) @name body: (interface_body) @body) @item.interface
(enum_declaration name: (_) @name body: (enum_body) @body) @item.enum
(enum_assignment name: (_) @name) @item.variant
(enum_body name: (property_identifier) @name @item.variant)
(type_alias_declaration name: (_) @name value: (_) @body) @item.type
(internal_module name: (_) @name body: (_) @body) @item.module
(module name: (identifier) @name body: (_) @body) @item.module
(module name: (string (string_fragment) @name) body: (_) @body) @item.module

(function_declaration name: (identifier) @name body: (statement_block) @body) @item.function
(generator_function_declaration name: (identifier) @name body: (statement_block) @body) @item.function
(function_signature name: (identifier) @name) @item.function
(method_definition name: (_) @name body: (statement_block) @body) @item.function
(method_signature name: (_) @name) @item.function
(abstract_method_signature name: (_) @name) @item.function
(variable_declarator name: (identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @item.function
(pair key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @item.function
(assignment_expression left: (member_expression property: (_) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @item.function

(public_field_definition name: (_) @name value: (arrow_function body: (_) @body)) @item.function
(public_field_definition name: (_) @name) @item.field
(interface_body (property_signature name: (_) @name) @item.field)
(type_alias_declaration value: (object_type (property_signature name: (_) @name) @item.field))
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @item.field

(program (lexical_declaration (variable_declarator name: (identifier) @name) @item.variable))
(program (variable_declaration (variable_declarator name: (identifier) @name) @item.variable))
(ambient_declaration (lexical_declaration (variable_declarator name: (identifier) @name) @item.variable))
(ambient_declaration (variable_declaration (variable_declarator name: (identifier) @name) @item.variable))
(export_statement (lexical_declaration (variable_declarator name: (identifier) @name) @item.variable))
(export_statement (variable_declaration (variable_declarator name: (identifier) @name) @item.variable))
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
(import_require_clause (identifier) @name source: (string (string_fragment) @module)) @import

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
