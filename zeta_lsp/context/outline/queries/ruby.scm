; Items.
(class name: (constant) @name body: (_)? @body) @item.class
(class name: (scope_resolution name: (_) @name) body: (_)? @body) @item.class
(module name: (constant) @name body: (_)? @body) @item.module
(module name: (scope_resolution name: (_) @name) body: (_)? @body) @item.module

(method name: (_) @name body: (body_statement)? @body) @item.function
(singleton_method name: (_) @name body: (body_statement)? @body) @item.function
(alias name: (_) @name) @item.function
(assignment left: (constant) @name) @item.constant
((call method: (identifier) @_attr arguments: (argument_list (simple_symbol) @name)) @item.field
  (#any-of? @_attr "attr_reader" "attr_writer" "attr_accessor" "define_method" "scope" "alias_method"))
((assignment left: (instance_variable) @name) @item.attribute)

; Imports.
((call method: (identifier) @_require arguments: (argument_list . (string (string_content) @module @all))) @import
  (#any-of? @_require "require" "load"))
((call
  method: (identifier) @_require
  arguments: (argument_list . (string (string_content) @module @all @relative))) @import
  (#eq? @_require "require_relative"))
