# zeta-lsp in Kakoune with kakoune-lsp: source this behind the line that starts kakoune-lsp.

hook -group zeta global User LSPDefaultConfig=.* %{
    set-option -add buffer lsp_servers %{
        [zeta]
        command = "zeta-lsp"
        args = ["--set", "predict.hints=true"]
        root_globs = [".git", ".hg"]
    }
}

define-command zeta -params 1 -docstring 'zeta <command>: run a command of zeta-lsp here' %{
    lsp-execute-command "zeta.%arg{1}" "[{""buffer"": ""%val{bufname}"", ""line"": %val{cursor_line}, ""column"": %val{cursor_char_column}}]" zeta
}

map global insert <a-l> '<a-;>: zeta accept<ret>'     -docstring 'take the predicted edit'
map global insert <a-w> '<a-;>: zeta acceptWord<ret>' -docstring 'take its next word'
map global insert <a-j> '<a-;>: zeta acceptLine<ret>' -docstring 'take its next line'
map global insert <a-r> '<a-;>: zeta reject<ret>'     -docstring 'turn it down'
map global insert <a-g> '<a-;>: zeta nextEdit<ret>'   -docstring 'ask for it'

declare-user-mode zeta
map global user z ': enter-user-mode zeta<ret>' -docstring 'predictions'
map global zeta z ': zeta accept<ret>'     -docstring 'take the predicted edit'
map global zeta r ': zeta reject<ret>'     -docstring 'turn it down'
map global zeta g ': zeta nextEdit<ret>'   -docstring 'ask for it'
map global zeta e ': zeta explain<ret>'    -docstring 'what is going on, and why nothing is shown'
map global zeta p ': zeta pause<ret>'      -docstring 'pause, or go on'
map global zeta c ': zeta captureOn<ret>'  -docstring 'record training data of this project'
map global zeta C ': zeta captureOff<ret>' -docstring 'record no more'
