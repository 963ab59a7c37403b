vim9script
# The keys that accept and turn down are taken only while something is on the screen, in that buffer
# alone, and never from a completion menu or from a snippet that waits for its next place. What they
# meant before, by whatever plugin, they mean again afterwards.

# Mode, the setting that names the key, its default, and what it does.
const KEYS = [
  ['i', 'zeta_accept_key', '<Tab>', '<Plug>(zeta-accept)'],
  ['n', 'zeta_accept_key', '<Tab>', '<Plug>(zeta-accept)'],
  ['i', 'zeta_reject_key', '<C-]>', '<Plug>(zeta-reject)'],
]

# Functions of snippet plugins that say whether their key leads on: name and argument.
const SNIPPETS = [
  ['vsnip#jumpable', [1]],
  ['UltiSnips#CanJumpForwards', []],
  ['neosnippet#jumpable', []],
]

# The buffer in which keys are taken, or 0.
var taken_in = 0
# For each key that is taken: mode, key, and what it was mapped to in the buffer.
var taken: list<list<any>> = []

# Take the keys if nobody else waits for them, or give them back.
export def Update()
  pumvisible() || IsInSnippet() ? Release() : Take()
enddef

def Take()
  if taken_in != 0
    return
  endif
  taken_in = bufnr()
  for [mode, setting, default, plug] in KEYS
    const key = get(g:, setting, default)
    if key != ''
      taken->add([mode, key, maparg(key, mode, false, true)])
      execute $'{mode}map <buffer> <nowait> <silent> {key} {plug}'
    endif
  endfor
enddef

export def Release()
  if taken_in == bufnr()
    for [mode, key, before] in taken
      execute $'{mode}unmap <buffer> {key}'
      if before->get('buffer', 0)
        mapset(mode, false, before)
      endif
    endfor
  endif
  taken_in = 0
  taken = []
enddef

def IsInSnippet(): bool
  return SNIPPETS->indexof((_, known) => exists($'*{known[0]}') && call(known[0], known[1]) > 0) >= 0
enddef
