vim9script
# What the server proposes, in Vim's terms: rows from 0, columns in bytes, text as a list of lines.
#
# A text of ['a', 'b'] is "a", a line end, "b". Nothing here changes a buffer or the screen.

import './column.vim'
import './document.vim'
import './documents.vim'
import './workspace.vim'

# The text between two places becomes `lines`.
export class Edit
  const bufnr: number
  const row: number
  const col: number
  const end_row: number
  const end_col: number
  const lines: list<string>

  def new(this.bufnr, this.row, this.col, this.end_row, this.end_col, this.lines)
  enddef

  def IsInsertion(): bool
    return this.row == this.end_row && this.col == this.end_col
  enddef
endclass

# A place in a file; the column in UTF-16 units, since the file may not be loaded.
export class Place
  const path: string
  const row: number
  const units: number

  def new(this.path, this.row, this.units)
  enddef
endclass

# `kind` says how it is shown: 'ghost' (text that only comes in, at the cursor or behind it on its
# line), 'diff' (anything else in sight) or 'jump' (out of sight). It is about one version of a
# document; `line` is the cursor's line in it and `rows` how many there are. `target` is where the
# cursor goes once the edits are made, in the text as it is then.
export class Prediction
  const id: string
  const bufnr: number
  const version: number
  const kind: string
  const edits: list<Edit>
  const target: Place
  const jump: Place
  const line: string
  const rows: number

  def new(this.id, this.bufnr, this.version, this.kind, this.edits, this.target, this.jump)
    const known: document.Document = documents.Of(this.bufnr)
    this.line = empty(this.edits) ? '' : documents.Line(this.bufnr, this.edits[0].row)
    this.rows = len(known.lines)
  enddef
endclass

# A reply of `zeta/nextEdit` for the current buffer; `null_object` if it proposes nothing.
export def Read(reply: dict<any>): Prediction
  const bufnr = bufnr()
  const path = documents.Path(bufnr)
  const edits = reply.edits->mapnew((_, edit) => ReadEdit(edit.textDocument.uri, edit))
  const given = reply->get('jump')
  const jump = given == null
    ? OutOfSight(edits, bufnr)
    : ReadPlace(workspace.Path(given.textDocument.uri), given.position)
  if reply->get('id') == null || (jump == null_object && empty(edits))
    return null_object
  endif
  const kind = jump != null_object ? 'jump' : IsGhost(edits, bufnr) ? 'ghost' : 'diff'
  const cursor = reply->get('cursor')
  const target = cursor == null ? null_object : ReadPlace(path, cursor)
  const version = documents.Version(bufnr)
  return Prediction.new(reply.id, bufnr, version, kind, edits, target, jump)
enddef

# What is left of ghost text once a part of it stands before the cursor; `null_object` if something
# else was typed, or nothing is left.
export def Along(shown: Prediction): Prediction
  const first: Edit = shown.edits[0]
  const [row, col] = [line('.') - 1, col('.') - 1]
  const known: document.Document = documents.Of(shown.bufnr)
  const typed = Between(known.lines, first.row, first.col, row, col)
  const rest = Rest(first.lines, typed)
  const is_along = !empty(typed) && !empty(rest)
    && len(known.lines) == shown.rows + row - first.row
    && known.lines[first.row]->strpart(0, first.col) ==# shown.line->strpart(0, first.col)
    && known.lines[row]->strpart(col) ==# shown.line->strpart(first.col)
  if !is_along
    return null_object
  endif
  const others = shown.edits[1 :]->mapnew((_, edit: Edit) => Moved(edit, row, col - first.col))
  const left = rest == [''] ? others : [Edit.new(shown.bufnr, row, col, row, col, rest)] + others
  return empty(left)
    ? null_object
    : Prediction.new(shown.id, shown.bufnr, known.version, 'ghost', left, shown.target, null_object)
enddef

# A `TextEdit` of a file.
export def ReadEdit(uri: string, edit: dict<any>): Edit
  const bufnr = workspace.Buffer(uri)
  const [start, end] = [edit.range.start, edit.range.end]
  const lines = documents.Split(bufnr, edit.newText)
  return Edit.new(bufnr, start.line, Bytes(bufnr, start), end.line, Bytes(bufnr, end), lines)
enddef

def Bytes(bufnr: number, position: dict<number>): number
  return column.Bytes(documents.Line(bufnr, position.line), position.character)
enddef

def ReadPlace(path: string, position: dict<number>): Place
  return Place.new(path, position.line, position.character)
enddef

# Only text that comes in, at the cursor or behind it on its line.
def IsGhost(edits: list<Edit>, bufnr: number): bool
  const [row, col] = [line('.') - 1, col('.') - 1]
  return edits->indexof((_, edit: Edit) =>
    edit.bufnr != bufnr || !edit.IsInsertion() || edit.row != row || edit.col < col) < 0
enddef

# Where edits begin of which none can be seen in the window: nobody accepts what they cannot see.
def OutOfSight(edits: list<Edit>, bufnr: number): Place
  const [top, bottom] = [line('w0') - 1, line('w$') - 1]
  const seen = edits->indexof((_, edit: Edit) =>
    edit.bufnr == bufnr && edit.end_row >= top && edit.row <= bottom)
  if empty(edits) || seen >= 0
    return null_object
  endif
  const first: Edit = edits[0]
  const units = column.Units(documents.Line(first.bufnr, first.row), first.col)
  return Place.new(documents.Path(first.bufnr), first.row, units)
enddef

# The text between two places; [] if the second does not lie behind the first.
def Between(lines: list<string>, row: number, col: number, end_row: number, end_col: number): list<string>
  if end_row < row || (end_row == row && end_col <= col) || end_row >= len(lines)
    return []
  elseif row == end_row
    return [lines[row]->strpart(col, end_col - col)]
  endif
  const whole = lines->slice(row + 1, end_row)
  return [lines[row]->strpart(col)] + whole + [lines[end_row]->strpart(0, end_col)]
enddef

# What follows a beginning of a text; [] if it is none.
def Rest(text: list<string>, beginning: list<string>): list<string>
  const whole = len(beginning) - 1
  if whole < 0 || whole >= len(text) || text->slice(0, whole) != beginning->slice(0, whole)
    return []
  endif
  const [line, part] = [text[whole], beginning[whole]]
  return line->strpart(0, len(part)) ==# part ? [line->strpart(len(part))] + text[whole + 1 :] : []
enddef

def Moved(edit: Edit, row: number, cols: number): Edit
  return Edit.new(edit.bufnr, row, edit.col + cols, row, edit.end_col + cols, edit.lines)
enddef
