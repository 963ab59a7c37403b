; Items. Declarators hold their names somewhere inside.
(function_definition declarator: (_) @declarator body: (compound_statement) @body) @item.function
(function_definition declarator: (_) @declarator) @item.function

(class_specifier name: (_) @name body: (_) @body) @item.class
(struct_specifier name: (_) @name body: (_) @body) @item.struct
(union_specifier name: (_) @name body: (_) @body) @item.union
(enum_specifier name: (_) @name body: (_) @body) @item.enum
(enumerator name: (_) @name) @item.variant
(namespace_definition name: (_) @name body: (_) @body) @item.module
(concept_definition name: (_) @name) @item.type
(alias_declaration name: (_) @name) @item.type

(field_declaration declarator: [
    (function_declarator)
    (pointer_declarator (function_declarator))
    (reference_declarator (function_declarator))
  ] @declarator) @item.method
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

(translation_unit (declaration declarator: [
    (function_declarator declarator: (_))
    (pointer_declarator declarator: (function_declarator))
    (reference_declarator (function_declarator))
  ] @declarator) @item.prototype)
(declaration_list (declaration declarator: [
    (function_declarator declarator: (_))
    (pointer_declarator declarator: (function_declarator))
    (reference_declarator (function_declarator))
  ] @declarator) @item.prototype)
(template_declaration (declaration declarator: (_) @declarator) @item.prototype)
(field_declaration_list (declaration declarator: (_) @declarator) @item.method)
(translation_unit (declaration declarator: (_) @declarator) @item.variable)
(preproc_if (declaration declarator: (_) @declarator) @item.variable)
(preproc_ifdef (declaration declarator: (_) @declarator) @item.variable)
(preproc_else (declaration declarator: (_) @declarator) @item.variable)
(declaration_list (declaration declarator: (_) @declarator) @item.variable)

; Imports.
(preproc_include path: (_) @module @all) @import
(using_declaration "namespace" (_) @module @all) @import
(using_declaration (qualified_identifier) @tree) @import
