; Items.
(class_definition name: (identifier) @name body: (block) @body) @item.class
(function_definition name: (identifier) @name body: (block) @body) @item.function

(module (expression_statement (assignment left: (identifier) @name) @item.variable))
(module (expression_statement (assignment left: (pattern_list (identifier) @name)) @item.variable))
(module (if_statement (block (expression_statement (assignment left: (identifier) @name) @item.variable))))
(module (try_statement (block (expression_statement (assignment left: (identifier) @name) @item.variable))))
(type_alias_statement left: (type (identifier) @name)) @item.type

(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @item.field)))
((assignment left: (attribute object: (identifier) @_self attribute: (identifier) @name)) @item.attribute
  (#eq? @_self "self"))

; Imports.
(import_statement name: (dotted_name) @name @module) @import
(import_statement name: (aliased_import name: (dotted_name) @module alias: (identifier) @name)) @import
(import_from_statement module_name: (_) @module name: (dotted_name) @origin) @import
(import_from_statement
  module_name: (_) @module
  name: (aliased_import name: (dotted_name) @origin alias: (identifier) @name)) @import
(import_from_statement module_name: (_) @module (wildcard_import) @all) @import
