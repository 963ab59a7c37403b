; Items.
(function_declaration name: (identifier) @name body: (block) @body) @item.function
(method_declaration name: (field_identifier) @name body: (block) @body) @item.method

(type_spec name: (_) @name type: (struct_type (field_declaration_list) @body)) @item.struct
(type_spec name: (_) @name type: (interface_type) @body) @item.interface
(type_spec name: (_) @name) @item.type
(type_alias name: (_) @name) @item.type

(field_declaration name: (field_identifier) @name) @item.field
(method_elem name: (field_identifier) @name) @item.method

(source_file (const_declaration (const_spec name: (identifier) @name) @item.constant))
(source_file (var_declaration (var_spec name: (identifier) @name) @item.variable))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @item.variable)))

; Imports. Without a name of its own, a package is called as its path ends.
(import_spec name: (dot) @all path: (_ (_) @module)) @import
(import_spec name: (package_identifier) @name path: (_ (_) @module)) @import
(import_spec name: (blank_identifier) path: (_ (_) @module)) @import
(import_spec !name path: (_ (_) @module @package)) @import
