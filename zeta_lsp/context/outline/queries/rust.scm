; Items. An `impl` carries the name of the type that it is for.
(struct_item name: (_) @name body: (field_declaration_list) @body) @item.struct
(struct_item name: (_) @name) @item.struct
(union_item name: (_) @name body: (_) @body) @item.union
(enum_item name: (_) @name body: (_) @body) @item.enum
(enum_variant name: (_) @name) @item.variant
(trait_item name: (_) @name body: (_) @body) @item.trait
(impl_item type: (type_identifier) @name body: (_) @body) @item.impl
(impl_item type: (generic_type type: (type_identifier) @name) body: (_) @body) @item.impl
(impl_item type: (scoped_type_identifier name: (type_identifier) @name) body: (_) @body) @item.impl
(impl_item type: (_) @name body: (_) @body) @item.impl
(mod_item name: (_) @name body: (_) @body) @item.module

(function_item name: (_) @name body: (block) @body) @item.function
(function_signature_item name: (_) @name) @item.function
(macro_definition name: (identifier) @name) @item.macro

(type_item name: (_) @name) @item.type
(associated_type name: (_) @name) @item.type
(field_declaration name: (_) @name) @item.field
(source_file [(const_item name: (_) @name) (static_item name: (_) @name)] @item.constant)
(declaration_list [(const_item name: (_) @name) (static_item name: (_) @name)] @item.constant)

; Imports.
(use_declaration argument: (_) @tree) @import
(extern_crate_declaration name: (_) @module alias: (_) @name) @import
(extern_crate_declaration name: (_) @module @name !alias) @import
(mod_item name: (identifier) @name @module @submodule !body) @import
