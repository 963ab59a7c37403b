; Items. Declarators hold their names somewhere inside.
(function_definition declarator: (_) @declarator body: (compound_statement) @body) @item.function

(struct_specifier name: (_) @name body: (_) @body) @item.struct
(union_specifier name: (_) @name body: (_) @body) @item.union
(enum_specifier name: (_) @name body: (_) @body) @item.enum
(enumerator name: (_) @name) @item.variant
(field_declaration declarator: (_) @declarator) @item.field
(type_definition type: [
    (struct_specifier body: (_) @body)
    (union_specifier body: (_) @body)
    (enum_specifier body: (_) @body)
  ]
  declarator: (_) @declarator) @item.type
(type_definition declarator: (_) @declarator) @item.type

(preproc_def name: (identifier) @name value: (_)) @item.macro
(preproc_function_def name: (identifier) @name) @item.macro

(_ (declaration declarator: [
    (function_declarator declarator: (identifier))
    (pointer_declarator declarator: (function_declarator declarator: (identifier)))
  ] @declarator) @item.prototype)
(translation_unit (declaration declarator: (_) @declarator) @item.variable)
(preproc_if (declaration declarator: (_) @declarator) @item.variable)
(preproc_ifdef (declaration declarator: (_) @declarator) @item.variable)
(preproc_else (declaration declarator: (_) @declarator) @item.variable)
(declaration_list (declaration declarator: (_) @declarator) @item.variable)

; Imports.
(preproc_include path: (_) @module @all) @import
