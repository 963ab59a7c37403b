vim9script
# Makes edits: a prediction's, and those that the server sends by itself (`workspace/applyEdit`).

import './buffer.vim'
import './document.vim'
import './documents.vim'
import './prediction.vim'

# Make edits that belong together and do not overlap, the last one first, so that the places of the
# others stay what they are.
export def Apply(edits: list<prediction.Edit>)
  for edit: prediction.Edit in edits->copy()->sort(Backwards)
    bufload(edit.bufnr)
    if documents.Has(edit.bufnr)
      const known: document.Document = documents.Of(edit.bufnr)
      known.Edit(edit.row, edit.col, edit.end_row, edit.end_col, edit.lines)
    else
      Replace(edit)
    endif
  endfor
enddef

# A `WorkspaceEdit` in either of its forms.
export def ApplyWorkspaceEdit(given: dict<any>)
  var edits: list<prediction.Edit> = []
  for [uri, changes] in items(given->get('changes', {}))
    edits += changes->mapnew((_, edit) => prediction.ReadEdit(uri, edit))
  endfor
  for part in given->get('documentChanges', [])
    edits += part->get('edits', [])->mapnew((_, edit) => prediction.ReadEdit(part.textDocument.uri, edit))
  endfor
  Apply(edits)
  documents.FlushAll()
enddef

# In a buffer that the server does not follow.
def Replace(edit: prediction.Edit)
  var fresh = edit.lines->copy()
  fresh[0] = documents.Line(edit.bufnr, edit.row)->strpart(0, edit.col) .. fresh[0]
  fresh[-1] ..= documents.Line(edit.bufnr, edit.end_row)->strpart(edit.end_col)
  const count = getbufinfo(edit.bufnr)[0].linecount
  if edit.end_row >= count && fresh[-1] == ''
    fresh->remove(-1)
  endif
  buffer.SetRows(edit.bufnr, edit.row, min([edit.end_row + 1, count]), fresh)
enddef

def Backwards(a: prediction.Edit, b: prediction.Edit): number
  return b.row == a.row ? b.col - a.col : b.row - a.row
enddef
