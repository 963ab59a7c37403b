vim9script
# The buffers that the server follows: which they are, and what it is told about them.
#
# A buffer takes part if it is an ordinary file. Its changes are sent as they happen, and all of them
# before anything is asked.

import './document.vim'
import './server.vim'
import './workspace.vim'

const LANGUAGES = {
  'javascript.jsx': 'javascriptreact',
  'typescript.tsx': 'typescriptreact',
  bash: 'shellscript',
  cs: 'csharp',
  objc: 'objective-c',
  objcpp: 'objective-cpp',
  sh: 'shellscript',
  tex: 'latex',
  zsh: 'shellscript',
}
# The server declines far smaller files; a second copy of the lines of such ones is not worth it.
const BYTES_MAX = 10'000'000

var documents: dict<document.Document> = {}
# Buffers whose text cannot be said in the protocol, with the reason.
var unfit: dict<string> = {}

# Whether a buffer is followed.
export def Has(bufnr: number): bool
  return documents->has_key(bufnr)
enddef

# The document of a buffer that is followed.
export def Of(bufnr: number): document.Document
  return documents[bufnr]
enddef

# The version of its text that was sent last; -1 if it is not followed.
export def Version(bufnr: number): number
  if !Has(bufnr)
    return -1
  endif
  const known: document.Document = documents[bufnr]
  return known.version
enddef

# What a buffer that is followed is called.
export def Uri(bufnr: number): string
  const known: document.Document = documents[bufnr]
  return known.uri
enddef

# A line of any buffer, which is loaded if need be; '' behind the last one.
export def Line(bufnr: number, row: number): string
  if Has(bufnr)
    const known: document.Document = documents[bufnr]
    return known.lines->get(row, '')
  endif
  bufload(bufnr)
  return getbufline(bufnr, row + 1)->get(0, '')
enddef

export def Path(bufnr: number): string
  return fnamemodify(bufname(bufnr), ':p')
enddef

# A text of the server as lines of a buffer. Where lines end with a line feed alone, a carriage return
# is part of its line for Vim.
export def Split(bufnr: number, text: string): list<string>
  const end = getbufvar(bufnr, '&fileformat') == 'unix' ? '\n' : '\r\n\|\n\|\r'
  return text->split(end, true)
enddef

# Why a buffer is not followed; '' if it is, or could be.
export def Refusal(bufnr: number): string
  const name = bufname(bufnr)
  if name == '' || getbufvar(bufnr, '&buftype') != ''
    return 'it is no file'
  elseif name =~ '^\a\{2,}://'
    return 'it is no file of this machine'
  elseif &encoding != 'utf-8'
    return "'encoding' is not utf-8"
  elseif !getbufvar(bufnr, 'zeta_enabled', get(g:, 'zeta_enabled', true))
    return 'zeta is switched off here'
  elseif getfsize(fnamemodify(name, ':p')) > BYTES_MAX
    return 'it is larger than 10 MB'
  endif
  return unfit->get(bufnr, '')
enddef

# Follow a buffer from now on, if it takes part and the server runs.
export def Open(bufnr: number)
  if server.state != 'running' || Has(bufnr) || Refusal(bufnr) != ''
    return
  endif
  const path = Path(bufnr)
  const opened = document.Document.new(bufnr, workspace.Uri(path), Language(bufnr))
  if opened.unfit != ''
    unfit[bufnr] = opened.unfit
    opened.Close()
    return
  endif
  workspace.Join(path)
  documents[bufnr] = opened
  server.Notify('textDocument/didOpen', {
    textDocument: {uri: opened.uri, languageId: opened.language, version: 0, text: opened.Text()},
  })
enddef

# Follow a buffer anew if what it is called or what it holds became another thing.
export def Refresh(bufnr: number)
  unfit->RemoveKey(bufnr)
  if Has(bufnr)
    const known: document.Document = documents[bufnr]
    const uri = workspace.Uri(Path(bufnr))
    if uri == known.uri && Language(bufnr) == known.language && Refusal(bufnr) == ''
      Look(bufnr)
      return
    endif
    Close(bufnr)
  endif
  Open(bufnr)
enddef

# Follow a buffer no more.
export def Close(bufnr: number)
  if Has(bufnr)
    const closed: document.Document = documents->remove(bufnr)
    closed.Close()
    server.Notify('textDocument/didClose', {textDocument: {uri: closed.uri}})
  endif
enddef

# The connection is gone, and with it all that the server knew.
export def Forget()
  for closed: document.Document in documents->values()
    closed.Close()
  endfor
  documents = {}
enddef

# Send what changed in a buffer.
export def Flush(bufnr: number)
  const known: document.Document = documents[bufnr]
  const changes = known.Changes()
  if known.unfit != ''
    unfit[bufnr] = known.unfit
    Close(bufnr)
  elseif !empty(changes)
    server.Notify('textDocument/didChange', {
      textDocument: {uri: known.uri, version: known.version},
      contentChanges: changes,
    })
  endif
enddef

# Send what changed in every buffer: a command may have changed more than the one that is shown.
export def FlushAll()
  for bufnr in documents->keys()
    Flush(str2nr(bufnr))
  endfor
enddef

# Compare all of a buffer with what was sent, and send the difference.
export def Look(bufnr: number)
  const known: document.Document = documents[bufnr]
  known.Look()
  Flush(bufnr)
enddef

# A buffer was written.
export def Saved(bufnr: number)
  Refresh(bufnr)
  if Has(bufnr)
    server.Notify('textDocument/didSave', {textDocument: {uri: Uri(bufnr)}})
  endif
enddef

def Language(bufnr: number): string
  const filetype = getbufvar(bufnr, '&filetype')
  return LANGUAGES->get(filetype, filetype) ?? 'plaintext'
enddef

def RemoveKey(known: dict<string>, key: number)
  if known->has_key(key)
    known->remove(key)
  endif
enddef
