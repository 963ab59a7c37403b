vim9script
# Draws a prediction with text properties: nothing of it is in the text, nothing outlives `Clear()`.

import './column.vim'
import './documents.vim'
import './prediction.vim'

# Types of text properties, which are the highlight groups' names too, and how they look by default.
const TYPES = {
  ZetaGhost: {ctermfg: '244', guifg: '#808080', cterm: {italic: true}, gui: {italic: true}},
  ZetaHint: {ctermfg: '234', ctermbg: '110', guifg: '#1c1c1c', guibg: '#87afd7'},
  ZetaMark: {ctermfg: '234', ctermbg: '110', guifg: '#1c1c1c', guibg: '#87afd7'},
  ZetaNew: {ctermfg: '120', ctermbg: '22', guifg: '#afffaf', guibg: '#1f4a2c'},
  ZetaOld: {ctermfg: '217', ctermbg: '52', guifg: '#ffafaf', guibg: '#5a2327',
    cterm: {strikethrough: true}, gui: {strikethrough: true}},
}
# Over the colours of syntax and of other language clients.
const PRIORITY = 200

# Buffers in which something is drawn.
var drawn: dict<bool> = {}

export def Draw(shown: prediction.Prediction)
  Clear()
  DefineTypes()
  if shown.kind == 'jump'
    DrawJump(shown.jump, shown.bufnr)
    return
  endif
  for edit: prediction.Edit in shown.edits
    if bufloaded(edit.bufnr)
      drawn[edit.bufnr] = true
      if shown.kind == 'ghost'
        DrawInserted(edit, 'ZetaGhost')
      else
        DrawDiff(edit)
      endif
    endif
  endfor
enddef

export def Clear()
  for bufnr in drawn->keys()->mapnew((_, key) => str2nr(key))
    if bufloaded(bufnr)
      const props = {types: TYPES->keys(), bufnr: bufnr, all: true}
      prop_remove(props, 1, getbufinfo(bufnr)[0].linecount)
    endif
  endfor
  drawn = {}
enddef

# The first line in the text, those that follow below it.
def DrawInserted(edit: prediction.Edit, type: string)
  Inline(edit.bufnr, type, edit.end_row, edit.end_col, edit.lines[0])
  Below(edit.bufnr, type, edit.end_row, edit.lines[1 :])
enddef

# What goes is marked. What comes stands behind it if both are within a line, else below it.
def DrawDiff(edit: prediction.Edit)
  Mark(edit, 'ZetaOld')
  const is_short = edit.row == edit.end_row && len(edit.lines) == 1
  const is_at_end = edit.IsInsertion() && edit.col == len(documents.Line(edit.bufnr, edit.row))
  if is_short || is_at_end
    DrawInserted(edit, 'ZetaNew')
  else
    const [row, lines] = WholeLines(edit)
    Below(edit.bufnr, 'ZetaNew', row, lines)
  endif
enddef

# The new lines in full, and the last row of the old ones (of the line above if none is old).
def WholeLines(edit: prediction.Edit): list<any>
  const first = documents.Line(edit.bufnr, edit.row)
  const head = first->strpart(0, edit.col)
  const tail = documents.Line(edit.bufnr, edit.end_row)->strpart(edit.end_col)
  var lines = edit.lines->copy()
  if edit.col == len(first) && lines[0] == ''  # begins with a line end: the first line stays
    lines[-1] ..= tail
    return [edit.end_row, lines[1 :]]
  endif
  lines[0] = head .. lines[0]
  if edit.end_col == 0 && edit.lines[-1] == ''  # ends with one: the last line stays
    return [edit.end_row - 1, lines[: -2]]
  endif
  lines[-1] ..= tail
  return [edit.end_row, lines]
enddef

def DrawJump(place: prediction.Place, bufnr: number)
  const is_here = place.path == documents.Path(bufnr)
  const name = is_here ? $'line {place.row + 1}' : $'{fnamemodify(place.path, ':t')}:{place.row + 1}'
  drawn[bufnr] = true
  prop_add(line('.'), 0, {
    bufnr: bufnr,
    type: 'ZetaHint',
    text: $' next edit: {name} ',
    text_align: 'after',
    text_padding_left: 2,
  })
  if is_here
    const line = documents.Line(bufnr, place.row)
    const col = column.Bytes(line, place.units)
    Mark(prediction.Edit.new(bufnr, place.row, col, place.row, len(line), ['']), 'ZetaMark')
  endif
enddef

# Highlight old text; lines without any get a blank that shows the colour.
def Mark(edit: prediction.Edit, type: string)
  for row in range(edit.row, edit.end_row)
    const line = documents.Line(edit.bufnr, row)
    const col = row == edit.row ? edit.col : 0
    const end = row == edit.end_row ? edit.end_col : len(line)
    if col < end
      prop_add(row + 1, col + 1, {bufnr: edit.bufnr, type: type, length: end - col})
    elseif line == '' && row < edit.end_row
      Inline(edit.bufnr, type, row, 0, ' ')
    endif
  endfor
enddef

def Inline(bufnr: number, type: string, row: number, col: number, text: string)
  if text != ''
    const before = documents.Line(bufnr, row)->strpart(0, col)
    const shown = Untabbed(text, strdisplaywidth(before), bufnr)
    prop_add(row + 1, col + 1, {bufnr: bufnr, type: type, text: shown})
  endif
enddef

# Lines below a row; above the first one if the row is -1.
def Below(bufnr: number, type: string, row: number, lines: list<string>)
  for line in lines
    prop_add(max([row, 0]) + 1, 0, {
      bufnr: bufnr,
      type: type,
      text: Untabbed(line, 0, bufnr) ?? ' ',
      text_align: row < 0 ? 'above' : 'below',
    })
  endfor
enddef

# Vim draws a tab as one blank here.
def Untabbed(text: string, from: number, bufnr: number): string
  const size = getbufvar(bufnr, '&tabstop')
  var [shown, width] = ['', from]
  for part in text->split('\t\zs', true)
    const words = part->substitute('\t$', '', '')
    width += strdisplaywidth(words, width)
    const blanks = words == part ? 0 : size - width % size
    shown ..= words .. repeat(' ', blanks)
    width += blanks
  endfor
  return shown
enddef

# A colour scheme clears what it does not know, and what the user chose comes first.
def DefineTypes()
  for [name, look] in items(TYPES)
    if hlget(name)->get(0, {cleared: true})->get('cleared', false)
      hlset([look->extendnew({name: name})])
    endif
    if empty(prop_type_get(name))
      prop_type_add(name, {highlight: name, priority: PRIORITY, combine: false})
    endif
  endfor
enddef
