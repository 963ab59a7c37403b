vim9script
# The keys that accept and turn down are taken only while something is on the screen, in that buffer
# alone. What they meant there before, by whatever plugin, they mean again afterwards.

# Mode, the setting that names the key, its default, and what it does.
const KEYS = [
  ['i', 'zeta_accept_key', '<Tab>', '<Plug>(zeta-accept)'],
  ['n', 'zeta_accept_key', '<Tab>', '<Plug>(zeta-accept)'],
  ['i', 'zeta_reject_key', '<C-]>', '<Plug>(zeta-reject)'],
]

# The buffer in which keys are taken, or 0.
var taken_in = 0
# For each key that is taken: mode, key, and what it was mapped to in the buffer.
var taken: list<list<any>> = []

export def Take()
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
