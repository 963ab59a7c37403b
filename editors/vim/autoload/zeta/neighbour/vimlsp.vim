vim9script
# vim-lsp (prabirshrestha/vim-lsp), through the functions that it documents; its diagnostics are only
# to be had from within, so a version that keeps them elsewhere gives none.

import './capability.vim'

const DIAGNOSTICS = 'lsp#internal#diagnostics#state#_get_all_diagnostics_grouped_by_server_for_uri'

export def IsThere(): bool
  return get(g:, 'lsp_loaded', false) && exists('*lsp#send_request')
enddef

export def Askers(feature: string, bufnr: number): list<func>
  if !IsThere() || !bufloaded(bufnr)
    return []
  endif
  return call('lsp#get_allowed_servers', [bufnr])
    ->filter((_, name) => Provides(name, feature))
    ->mapnew((_, name) => function(Ask, [name, feature, bufnr]))
enddef

export def Diagnostics(bufnr: number): list<dict<any>>
  if !IsThere() || !exists('*' .. DIAGNOSTICS)
    return []
  endif
  const by_server = call(DIAGNOSTICS, [call('lsp#utils#get_buffer_uri', [bufnr])])
  return by_server->values()
    ->mapnew((_, response) => response.params.diagnostics)
    ->flattennew(1)
enddef

def Provides(name: string, feature: string): bool
  return call('lsp#get_server_status', [name]) == 'running'
    && capability.Offers(call('lsp#get_server_capabilities', [name]), feature)
enddef

def Ask(name: string, feature: string, bufnr: number, place: dict<any>, Take: func(any))
  call('lsp#send_request', [name, {
    method: $'textDocument/{feature}',
    params: {textDocument: {uri: place.textDocument.uri}, position: place.position},
    bufnr: bufnr,
    on_notification: (data) => {
      Take(data->get('response', {})->get('result', null))
    },
  }])
enddef
