vim9script
# Answers the server's questions about definitions and diagnostics from the language servers that
# another plugin runs, as far as one is there (vim-lsp, yegappan/lsp). Nothing waits for them.

import './server.vim'
import './workspace.vim'
import './neighbour/vimlsp.vim'
import './neighbour/yegappan.vim'

# What was not answered by then does not count; the server has its own, shorter patience.
const PATIENCE_MS = 4000

# Whether there is anybody to ask.
export def IsThere(): bool
  return vimlsp.IsThere() || yegappan.IsThere()
enddef

export def Register()
  server.OnRequest('zeta/definitions', (params, Reply) => {
    Locate('definition', params.items, Reply)
  })
  server.OnRequest('zeta/typeDefinitions', (params, Reply) => {
    Locate('typeDefinition', params.items, Reply)
  })
  server.OnRequest('zeta/diagnostics', (params, Reply) => {
    const bufnr = workspace.Buffer(params.textDocument.uri)
    Reply({items: vimlsp.Diagnostics(bufnr) + yegappan.Diagnostics(bufnr)})
  })
enddef

# Ask every server about every place, and reply once all have answered.
def Locate(feature: string, items: list<dict<any>>, Reply: func(any))
  final asked = {open: 1, found: items->mapnew((_, _) => ({locations: []}))}
  var timer = 0
  def Close()
    asked.open -= 1
    if asked.open == 0
      timer_stop(timer)
      Reply({items: asked.found})
    endif
  enddef
  timer = timer_start(PATIENCE_MS, (_) => {
    asked.open = 1
    Close()
  })
  for [i, item] in items(items)
    for Ask in Askers(feature, workspace.Buffer(item.textDocument.uri))
      asked.open += 1
      Ask(item, (result) => {
        asked.found[i].locations += Locations(result)
        Close()
      })
    endfor
  endfor
  Close()
enddef

# Functions that ask one server each.
def Askers(feature: string, bufnr: number): list<func>
  return vimlsp.Askers(feature, bufnr) + yegappan.Askers(feature, bufnr)
enddef

# A location, a list of locations or of links, or nothing, as locations.
def Locations(result: any): list<dict<any>>
  const found = type(result) == v:t_list ? result : type(result) == v:t_dict ? [result] : []
  return found->mapnew((_, one) => ({
    uri: one->get('uri') ?? one->get('targetUri'),
    range: one->get('range') ?? one->get('targetSelectionRange'),
  }))
enddef
