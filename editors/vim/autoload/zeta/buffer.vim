vim9script
# Changes the text of a buffer, shown or not, and nothing that stays as it was.

# Rows `first` to `before` become `fresh`. Lines that stay keep their marks and properties.
export def SetRows(bufnr: number, first: number, before: number, fresh: list<string>)
  const old = getbufline(bufnr, first + 1, before)
  const kept = min([len(old), len(fresh)])
  for i in range(kept)
    if old[i] !=# fresh[i]
      setbufline(bufnr, first + 1 + i, fresh[i])
    endif
  endfor
  if len(fresh) > kept
    appendbufline(bufnr, first + kept, fresh[kept :])
  elseif len(old) > kept
    deletebufline(bufnr, first + kept + 1, before)
  endif
enddef
