vim9script
# What a person does with a prediction: take all of it or a part, go to it, turn it down, hide it.
#
# Each is one step of undo. Whether it counts as accepted the server reads from the changes.

import './column.vim'
import './documents.vim'
import './edits.vim'
import './prediction.vim'
import './proposal.vim'
import './server.vim'

const LETTER = '\%([0-9A-Za-z_]\|[^\x00-\x7f]\)'
const WORD = $'^\_s*\%({LETTER}\+\|\%({LETTER}\@!\S\)\+\)\|^\_s\+'
const LINE = '^[^\n]*\n\='

# Take all of it; what is out of sight is gone to first.
export def All()
  if !proposal.IsShown()
    return
  endif
  const taken: prediction.Prediction = proposal.Shown()
  if taken.kind == 'jump'
    Go(taken.jump)
    return
  endif
  proposal.Clear()
  edits.Apply(taken.edits)
  PutCursor(taken)
  documents.FlushAll()
  server.Execute('zeta.accept', [{id: taken.id}])
  proposal.Ask(proposal.AUTOMATIC)
enddef

# Take the next word of the ghost text; of anything else, all.
export def Word()
  Part(WORD)
enddef

# Take the next line of the ghost text, with its line end; of anything else, all.
export def Line()
  Part(LINE)
enddef

# Go to the edit that is out of sight.
export def Jump()
  if proposal.IsShown()
    const shown: prediction.Prediction = proposal.Shown()
    if shown.kind == 'jump'
      Go(shown.jump)
    endif
  endif
enddef

# It is wrong: do not propose it here again.
export def Reject()
  if proposal.IsShown()
    const shown: prediction.Prediction = proposal.Shown()
    server.Execute('zeta.reject', [{id: shown.id}])
    proposal.Clear()
  endif
enddef

# It is in the way. Nothing is said about its worth.
export def Hide()
  if proposal.IsShown()
    proposal.Hide()
  endif
enddef

def Part(pattern: string)
  if !proposal.IsShown()
    return
  endif
  const shown: prediction.Prediction = proposal.Shown()
  if shown.kind != 'ghost'
    All()
    return
  endif
  const first: prediction.Edit = shown.edits[0]
  const lines = first.lines->join("\n")->matchstr(pattern)->split("\n", true)
  edits.Apply([prediction.Edit.new(first.bufnr, first.row, first.col, first.row, first.col, lines)])
  cursor(first.row + len(lines), len(lines[-1]) + (len(lines) == 1 ? first.col : 0) + 1)
  documents.FlushAll()
  proposal.Follow()
enddef

def Go(place: prediction.Place)
  proposal.Clear()
  normal! m'
  const window = bufwinid(place.path)
  if place.path == documents.Path(bufnr())
    # It is here.
  elseif window > 0
    win_gotoid(window)
  else
    execute $'hide edit {fnameescape(place.path)}'
  endif
  cursor(place.row + 1, column.Bytes(getline(place.row + 1), place.units) + 1)
  normal! zv
  proposal.Ask(proposal.INVOKED)
enddef

# Where the server says; else behind what came in.
def PutCursor(taken: prediction.Prediction)
  if taken.target != null_object
    const row = taken.target.row
    cursor(row + 1, column.Bytes(getline(row + 1), taken.target.units) + 1)
  endif
enddef
