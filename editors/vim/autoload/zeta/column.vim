vim9script
# Columns: Vim counts bytes, the protocol counts UTF-16 units. Both from 0 here.

# The unit at which a byte of a line begins; what lies behind the line is its end.
export def Units(line: string, bytes: number): number
  return line->utf16idx(min([bytes, len(line)]), true)
enddef

# The byte at which a unit of a line begins; what lies behind the line is its end.
export def Bytes(line: string, units: number): number
  const at = line->byteidxcomp(units, true)
  return at < 0 ? len(line) : at
enddef
