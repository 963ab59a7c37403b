; Items.
(class_declaration name: (_) @name body: (_) @body) @item.class
(interface_declaration name: (_) @name body: (_) @body) @item.interface
(enum_declaration name: (_) @name body: (_) @body) @item.enum
(record_declaration name: (_) @name body: (_) @body) @item.class
(annotation_type_declaration name: (_) @name body: (_) @body) @item.interface

(method_declaration name: (_) @name body: (block) @body) @item.method
(method_declaration name: (_) @name) @item.method
(constructor_declaration name: (_) @name body: (_) @body) @item.method
(compact_constructor_declaration name: (_) @name body: (_) @body) @item.method
(annotation_type_element_declaration name: (_) @name) @item.method

(enum_constant name: (_) @name) @item.variant
(field_declaration declarator: (variable_declarator name: (_) @name)) @item.field
(constant_declaration declarator: (variable_declarator name: (_) @name)) @item.field
(record_declaration parameters: (formal_parameters (formal_parameter name: (_) @name) @item.field))

; Imports.
(import_declaration) @import @tree
