vim9script
# What changed between two versions of some lines, as the smallest replacements that say so.
#
# Pure: lines in, `TextDocumentContentChangeEvent`s out. Rows count from 0. A text that ends with a
# line end has an empty last line here, as the protocol has it.

import './column.vim'

# More lines than this are not looked through for parts that stayed.
const ROWS_MAX = 1000

# What lies around the lines: the line above ('' at the top), whether no line follows, the line end,
# and where the cursor is while somebody types (row -1 if nobody does). The cursor tells apart what
# looks the same: the second "l" of "all" typed before the first one, or behind it.
export class Around
  public var above = ''
  public var is_last = false
  public var eol = "\n"
  public var row = -1
  public var col = 0
endclass

# The changes that turn `old`, the lines from row `first` on, into `new`. The last one comes first: the
# rows of the others stay what they are.
export def Between(first: number, old: list<string>, new: list<string>, around: Around): list<dict<any>>
  var found: list<dict<any>> = []
  for [from, gone, to, come] in Hunks(old, new)->reverse()
    const here = Around.new()
    here.above = from > 0 ? old[from - 1] : around.above
    here.is_last = around.is_last && from + gone == len(old)
    here.eol = around.eol
    here.row = around.row
    here.col = around.col
    const lines = [old->slice(from, from + gone), new->slice(to, to + come)]
    found->add(Replacement(first + from, lines[0], lines[1], here))
  endfor
  return found
enddef

# The parts that differ: where in `old`, how many lines, where in `new`, how many lines.
def Hunks(old: list<string>, new: list<string>): list<list<number>>
  if len(old) == len(new) && len(old) <= ROWS_MAX
    return Rows(old, new)
  endif
  if exists_compiled('*diff')
    if max([len(old), len(new)]) <= ROWS_MAX
      return diff(old, new, {output: 'indices'})
        ->mapnew((_, hunk) => [hunk.from_idx, hunk.from_count, hunk.to_idx, hunk.to_count])
    endif
  endif
  const kept = min([len(old), len(new)])
  var head = 0
  while head < kept && old[head] ==# new[head]
    head += 1
  endwhile
  var tail = 0
  while tail < kept - head && old[-1 - tail] ==# new[-1 - tail]
    tail += 1
  endwhile
  const [gone, come] = [len(old) - head - tail, len(new) - head - tail]
  return gone == 0 && come == 0 ? [] : [[head, gone, head, come]]
enddef

# As many lines as before: each that differs on its own, as `:s` and indenting leave them.
def Rows(old: list<string>, new: list<string>): list<list<number>>
  return range(len(old))
    ->filter((_, row) => old[row] !=# new[row])
    ->mapnew((_, row) => [row, 1, row, 1])
enddef

def Replacement(row: number, old: list<string>, new: list<string>, around: Around): dict<any>
  if empty(old)
    return Inserted(row, new, around)
  endif
  return empty(new) ? Deleted(row, old, around) : Rewritten(row, old, new, around)
enddef

# Whole lines came in. The Enter key ends the line above; other lines come in before the next one.
def Inserted(row: number, new: list<string>, around: Around): dict<any>
  const text = new->join(around.eol)
  if row > 0 && (around.row >= 0 || around.is_last)
    const end = Position(row - 1, around.above, len(around.above))
    return {range: {start: end, end: end}, text: around.eol .. text}
  endif
  const start = {line: row, character: 0}
  return {range: {start: start, end: start}, text: text .. around.eol}
enddef

# Whole lines went: with their line ends, or with the one above if they were the last.
def Deleted(row: number, old: list<string>, around: Around): dict<any>
  var start = {line: row, character: 0}
  var end = {line: row + len(old), character: 0}
  if around.is_last
    start = Position(row - 1, around.above, len(around.above))
    end = Position(row + len(old) - 1, old[-1], len(old[-1]))
  endif
  return {range: {start: start, end: end}, text: ''}
enddef

# Lines were changed: only the part that differs.
def Rewritten(row: number, old: list<string>, new: list<string>, around: Around): dict<any>
  var [head, tail] = Shared(old, new, v:numbermax)
  const at_cursor = around.col - max([0, len(new[0]) - len(old[0])])
  if len(old) == 1 && len(new) == 1 && row == around.row && at_cursor >= 0
    const [left, right] = Shared(old, new, at_cursor)
    if left + right == head + tail
      [head, tail] = [left, right]
    endif
  endif
  const text = new->join(around.eol)
  return {
    range: {
      start: Position(row, old[0], head),
      end: Position(row + len(old) - 1, old[-1], len(old[-1]) - tail),
    },
    text: text->strpart(head, len(text) - head - tail),
  }
enddef

# How many bytes both begin with, `most` at most, and how many bytes both end with behind those.
def Shared(old: list<string>, new: list<string>, most: number): list<number>
  const head = CommonHead(old[0], new[0], most)
  const room = min([
    len(old[-1]) - (len(old) == 1 ? head : 0),
    len(new[-1]) - (len(new) == 1 ? head : 0),
  ])
  return [head, CommonTail(old[-1], new[-1], room)]
enddef

# By bisection, since comparing strings is native and looking at characters is not.
def CommonHead(a: string, b: string, most: number): number
  var known = 0
  var limit = min([len(a), len(b), most])
  while known < limit
    const half = (known + limit + 1) / 2
    if a->strpart(known, half - known) ==# b->strpart(known, half - known)
      known = half
    else
      limit = half - 1
    endif
  endwhile
  return CharStart(a, known)
enddef

def CommonTail(a: string, b: string, most: number): number
  var known = 0
  var limit = most
  while known < limit
    const half = (known + limit + 1) / 2
    if a->strpart(len(a) - half, half - known) ==# b->strpart(len(b) - half, half - known)
      known = half
    else
      limit = half - 1
    endif
  endwhile
  const start = len(a) - known
  return CharStart(a, start) == start ? known : len(a) - CharStart(a, start, 1)
enddef

# Where the character begins that a byte belongs to, or one some characters further on.
def CharStart(text: string, byte: number, further = 0): number
  if byte >= len(text)
    return len(text)
  endif
  const start = text->byteidxcomp(text->charidx(byte, true) + further)
  return start < 0 ? len(text) : start
enddef

def Position(row: number, line: string, bytes: number): dict<number>
  return {line: row, character: column.Units(line, bytes)}
enddef
