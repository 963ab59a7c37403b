; Items.
(class_declaration (modifiers (class_modifier "enum")) name: (_) @name (enum_class_body) @body) @item.enum
(class_declaration "interface" name: (_) @name (class_body)? @body) @item.interface
(class_declaration name: (_) @name [(class_body) (enum_class_body)]? @body) @item.class
(object_declaration name: (_) @name (class_body)? @body) @item.class
(companion_object name: (_) @name (class_body)? @body) @item.class
(enum_entry (identifier) @name) @item.variant
(type_alias type: (identifier) @name) @item.type

(function_declaration name: (_) @name (function_body (block) @body)) @item.function
(function_declaration name: (_) @name) @item.function

(class_parameter ["val" "var"] (identifier) @name) @item.field
(class_body (property_declaration (variable_declaration (identifier) @name)) @item.field)
(enum_class_body (property_declaration (variable_declaration (identifier) @name)) @item.field)
(source_file (property_declaration (variable_declaration (identifier) @name)) @item.variable)

; Imports.
(import) @import @tree
