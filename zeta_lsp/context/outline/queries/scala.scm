; Items.
(class_definition name: (_) @name body: (_)? @body) @item.class
(object_definition name: (_) @name body: (_)? @body) @item.class
(trait_definition name: (_) @name body: (_)? @body) @item.trait
(enum_definition name: (_) @name body: (_) @body) @item.enum
(simple_enum_case name: (_) @name) @item.variant
(full_enum_case name: (_) @name) @item.variant
(type_definition name: (_) @name) @item.type
(given_definition name: (_) @name) @item.variable

(function_definition name: (_) @name body: (block)? @body) @item.function
(function_definition name: (_) @name body: (indented_block)? @body) @item.function
(function_declaration name: (_) @name) @item.function

(template_body [
  (val_definition pattern: (identifier) @name)
  (var_definition pattern: (identifier) @name)
  (val_declaration name: (identifier) @name)
  (var_declaration name: (identifier) @name)
] @item.field)
(compilation_unit [
  (val_definition pattern: (identifier) @name)
  (var_definition pattern: (identifier) @name)
] @item.variable)
(class_definition class_parameters: (class_parameters (class_parameter name: (identifier) @name) @item.field))

; Imports.
(import_declaration) @import @tree
