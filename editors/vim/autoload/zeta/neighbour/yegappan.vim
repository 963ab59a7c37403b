vim9script
# yegappan/lsp, through functions of its modules and the channels of its servers: it documents none
# that asks without going somewhere.

import './capability.vim'

export def IsThere(): bool
  return get(g:, 'loaded_lsp', false) && exists('*g:LspServerReady')
enddef

export def Askers(feature: string, bufnr: number): list<func>
  if !IsThere() || !bufloaded(bufnr)
    return []
  endif
  listener_flush(bufnr)  # its servers hear of changes in this way
  return call('lsp#buffer#BufLspServersGet', [bufnr])->copy()
    ->filter((_, known) => Provides(known, feature))
    ->mapnew((_, known) => function(Ask, [known, feature, bufnr]))
enddef

export def Diagnostics(bufnr: number): list<dict<any>>
  return IsThere() ? call('lsp#diag#GetDiagsForBuf', [bufnr]) : []
enddef

def Provides(known: dict<any>, feature: string): bool
  return known.ready && job_status(known.job) == 'run'
    && capability.Offers(known.caps, feature)
enddef

def Ask(known: dict<any>, feature: string, bufnr: number, place: dict<any>, Take: func(any))
  const params = {
    textDocument: {uri: place.textDocument.uri},
    position: Encoded(known, bufnr, place.position),
  }
  ch_sendexpr(known.job, {method: $'textDocument/{feature}', params: params}, {
    callback: (_, reply) => {
      Take(reply->get('result', null))
    },
  })
enddef

# A place as the server counts, which may have agreed on another unit than ours.
def Encoded(known: dict<any>, bufnr: number, position: dict<number>): dict<number>
  const line = getbufline(bufnr, position.line + 1)->get(0, '')
  const byte = line->byteidxcomp(position.character, true)
  const encoding = known->get('posEncoding', 16)
  if byte < 0 || encoding == 16
    return position
  endif
  return {line: position.line, character: encoding == 8 ? byte : line->charidx(byte, true)}
enddef
