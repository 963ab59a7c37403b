vim9script
# `:Zeta`.

import './column.vim'
import './document.vim'
import './documents.vim'
import './proposal.vim'
import './server.vim'
import './status.vim'
import './take.vim'
import autoload '../zeta.vim'

# The popup that `:Zeta status` opened last.
var told = 0

export def Run(line: string)
  const words = line->split()
  const verb = words->get(0, 'status')
  if VERBS->has_key(verb)
    VERBS[verb](words[1 :])
  else
    echohl ErrorMsg
    echomsg $'zeta: there is no ":Zeta {verb}"'
    echohl None
  endif
enddef

export def Complete(_: string, line: string, _: number): string
  const is_capture = line =~ '^\s*Zeta\s\+capture\s'
  return (is_capture ? ['off', 'on'] : VERBS->keys()->sort())->join("\n")
enddef

def Status()
  server.Request('zeta/status', {}, (now, _) => {
    if type(now) == v:t_dict
      status.Update(now)
    endif
    Show(status.Full())
  })
  if server.state != 'running'
    Show(status.Full())
  endif
enddef

# Lines beside the cursor, until it moves: a message would not outlive the next redraw.
def Show(lines: list<string>)
  popup_close(told)
  const look = {title: ' zeta-lsp ', border: [], padding: [0, 1, 0, 1], moved: 'any'}
  told = popup_atcursor(lines, look)
enddef

# What became of the latest predictions, and why there were none, newest first.
def Explain()
  server.Execute('zeta.explain', [], (entries, _) => {
    const lines = (entries ?? [])->mapnew((_, entry) => Entry(entry))
    Scratch('zeta-explain', lines ?? ['Nothing was asked yet.'])
  })
enddef

def Entry(entry: dict<any>): string
  const time = strftime('%H:%M:%S', float2nr(entry->get('time_s', 0)))
  const ending = entry->get('ending', '')->tr('_', ' ')
  return $'{time}  {entry->get('path', '')}: {ending} ({entry->get('explanation', '')})'
enddef

def Capture(words: list<string>)
  const wish = words->get(0, '')
  if wish != 'on' && wish != 'off'
    Show(status.Full())
  elseif documents.Has(bufnr())
    const known: document.Document = documents.Of(bufnr())
    const row = line('.') - 1
    const position = {line: row, character: column.Units(known.lines[row], col('.') - 1)}
    const where = {textDocument: {uri: known.uri}, position: position}
    server.Execute(wish == 'on' ? 'zeta.captureOn' : 'zeta.captureOff', [where])
  endif
enddef

# Lines in a window of their own, which is used again.
def Scratch(name: string, lines: list<string>)
  const window = bufwinid(name)
  if window > 0
    win_gotoid(window)
  else
    botright new
    resize 10
    setlocal buftype=nofile bufhidden=wipe noswapfile nobuflisted nowrap
    execute $'silent file {name}'
  endif
  setlocal modifiable
  deletebufline('%', 1, '$')
  setline(1, lines)
  setlocal nomodifiable
enddef

const VERBS: dict<func> = {
  accept: (_) => take.All(),
  'accept-line': (_) => take.Line(),
  'accept-word': (_) => take.Word(),
  ask: (_) => proposal.Ask(proposal.INVOKED),
  capture: (words) => Capture(words),
  explain: (_) => Explain(),
  hide: (_) => take.Hide(),
  jump: (_) => take.Jump(),
  log: (_) => Scratch('zeta-log', server.errors),
  pause: (_) => server.Execute('zeta.pause', []),
  reject: (_) => take.Reject(),
  restart: (_) => zeta.Restart(),
  status: (_) => Status(),
}
