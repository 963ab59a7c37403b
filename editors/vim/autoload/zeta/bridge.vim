vim9script
export def IsThere(): bool
  return false
enddef
export def Register()
enddef
