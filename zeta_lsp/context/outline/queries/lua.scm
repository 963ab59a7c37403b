; Items.
(function_declaration name: [
    (identifier) @name
    (dot_index_expression field: (_) @name)
    (method_index_expression method: (_) @name)
  ]
  body: (_)? @body) @item.function
(assignment_statement
  (variable_list . name: [(identifier) @name (dot_index_expression field: (_) @name)] .)
  (expression_list . value: (function_definition body: (_)? @body) .)) @item.function
(field name: (identifier) @name value: (function_definition body: (_)? @body)) @item.function

(chunk (variable_declaration (assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list . value: (table_constructor) @body))) @item.variable)
(chunk (variable_declaration (assignment_statement (variable_list name: (identifier) @name))) @item.variable)
(chunk (assignment_statement (variable_list name: (identifier) @name)) @item.variable)
(chunk (assignment_statement (variable_list name: (dot_index_expression field: (_) @name))) @item.field)

; Imports.
((variable_declaration (assignment_statement
  (variable_list . name: (identifier) @name)
  (expression_list . value: (function_call
    name: (identifier) @_require
    arguments: (arguments (string content: (_) @module)))))) @import
  (#eq? @_require "require"))
((function_call
  name: (identifier) @_require
  arguments: (arguments (string content: (_) @module @all))) @import
  (#any-of? @_require "require" "dofile"))
