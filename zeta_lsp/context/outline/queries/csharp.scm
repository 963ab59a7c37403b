; Items.
(namespace_declaration name: (_) @name body: (_) @body) @item.module
(class_declaration name: (_) @name body: (_) @body) @item.class
(struct_declaration name: (_) @name body: (_) @body) @item.struct
(record_declaration name: (_) @name body: (_) @body) @item.class
(record_declaration name: (_) @name) @item.class
(interface_declaration name: (_) @name body: (_) @body) @item.interface
(enum_declaration name: (_) @name body: (_) @body) @item.enum
(enum_member_declaration name: (_) @name) @item.variant
(delegate_declaration name: (_) @name) @item.type

(method_declaration name: (_) @name body: (block) @body) @item.method
(method_declaration name: (_) @name) @item.method
(constructor_declaration name: (_) @name body: (_) @body) @item.method
(local_function_statement name: (_) @name body: (block) @body) @item.function
(local_function_statement name: (_) @name) @item.function

(property_declaration name: (_) @name accessors: (accessor_list) @body) @item.field
(property_declaration name: (_) @name) @item.field
(event_declaration name: (_) @name) @item.field
(field_declaration (variable_declaration (variable_declarator name: (_) @name))) @item.field
(event_field_declaration (variable_declaration (variable_declarator name: (_) @name))) @item.field
(record_declaration (parameter_list (parameter name: (_) @name) @item.field))

; Imports.
(using_directive name: (identifier) @name (_) @tree .) @import
(using_directive !name [(identifier) (qualified_name)] @module @all) @import
