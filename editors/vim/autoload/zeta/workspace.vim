vim9script
# Projects: which folder a file belongs to, and how files are called on the wire.

import './server.vim'

# A folder that holds one of these is a project; the outermost names come first.
const MARKERS = [
  ['.git', '.hg', '.jj', '.svn'],
  ['.zeta.toml', 'pyproject.toml', 'package.json', 'Cargo.toml', 'go.mod', 'compile_commands.json'],
]

var folders: list<string> = []

# The folders that `initialize` names, of which the file's is the first.
export def Begin(path: string): list<dict<string>>
  folders = [Root(path)]
  return [Folder(folders[0])]
enddef

# Tell the server of a file's folder, unless it knows it.
export def Join(path: string)
  const root = Root(path)
  if folders->index(root) < 0
    folders->add(root)
    const event = {added: [Folder(root)], removed: []}
    server.Notify('workspace/didChangeWorkspaceFolders', {event: event})
  endif
enddef

# The project's folder: where a marker is, else the working directory, else the file's own folder.
export def Root(path: string): string
  const above = fnamemodify(path, ':h')
  for names in MARKERS
    for name in names
      const found = finddir(name, above .. ';') ?? findfile(name, above .. ';')
      if found != ''
        return fnamemodify(found, ':p')->substitute('/$', '', '')->fnamemodify(':h')
      endif
    endfor
  endfor
  return IsInside(path, getcwd()) ? getcwd() : above
enddef

export def Uri(path: string): string
  return 'file://' .. path->substitute('[^A-Za-z0-9/._~-]', (found) => Quoted(found[0]), 'g')
enddef

export def Path(uri: string): string
  # Only hexadecimal digits reach `eval()`; nothing else makes bytes that form a character together.
  return uri->substitute('^file://[^/]*', '', '')
    ->substitute('\%(%\x\x\)\+', (found) => eval($'"{found[0]->tr('%', '!')->substitute('!', '\\x', 'g')}"'), 'g')
enddef

# The number of the buffer that holds a file, which is added if there is none.
export def Buffer(uri: string): number
  return bufadd(Path(uri))
enddef

def IsInside(path: string, folder: string): bool
  return path->stridx(folder->substitute('/*$', '/', '')) == 0
enddef

def Folder(root: string): dict<string>
  return {uri: Uri(root), name: fnamemodify(root, ':t')}
enddef

def Quoted(character: string): string
  return range(len(character))
    ->mapnew((_, i) => printf('%%%02X', character->strpart(i, 1)->char2nr()))
    ->join('')
enddef
