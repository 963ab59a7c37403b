; Items.
(function_definition name: (_) @name body: (_) @body) @item.function
(program (variable_assignment name: (variable_name) @name) @item.variable)
(program (declaration_command (variable_assignment name: (variable_name) @name)) @item.variable)
(program (declaration_command (variable_name) @name) @item.variable)
((command name: (command_name) @_alias
  argument: [(word) @name (concatenation . (word) @name)]) @item.alias
  (#eq? @_alias "alias"))

; Imports.
((command name: (command_name) @_source . argument: [
    (word) @module @all
    (string) @module @all
    (raw_string) @module @all
    (concatenation) @module @all
  ]) @import
  (#any-of? @_source "source" "."))
