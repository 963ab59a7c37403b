; Items.
(class_declaration name: (_) @name body: (_) @body) @item.class
(interface_declaration name: (_) @name body: (_) @body) @item.interface
(trait_declaration name: (_) @name body: (_) @body) @item.trait
(enum_declaration name: (_) @name body: (_) @body) @item.enum
(enum_case name: (_) @name) @item.variant

(method_declaration name: (_) @name body: (_) @body) @item.method
(method_declaration name: (_) @name) @item.method
(function_definition name: (_) @name body: (_) @body) @item.function

(property_declaration (property_element name: (variable_name (name) @name))) @item.field
(property_promotion_parameter name: (variable_name (name) @name)) @item.field
(const_declaration (const_element (name) @name)) @item.constant
((function_call_expression
  function: (name) @_define
  arguments: (arguments . (argument (string (string_content) @name)))) @item.constant
  (#eq? @_define "define"))

; Imports.
(namespace_use_declaration) @import @tree
(require_expression (string (string_content) @module @all)) @import
(require_once_expression (string (string_content) @module @all)) @import
(include_expression (string (string_content) @module @all)) @import
(include_once_expression (string (string_content) @module @all)) @import
