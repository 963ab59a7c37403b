vim9script
# The prediction that is on the screen, from the question to the end of it.
#
# Asks after every change and when the cursor has rested; the server paces. What is shown belongs to
# one version of the text: typing along shortens it, any other change hides it at once. An answer
# counts only if text and cursor are what they were when it was asked for.

import './column.vim'
import './document.vim'
import './documents.vim'
import './keys.vim'
import './prediction.vim'
import './screen.vim'
import './server.vim'

export const INVOKED = 1
export const AUTOMATIC = 2
const REST_MS = 150

# `null_object` if nothing is shown.
var shown: prediction.Prediction = null_object
# What was asked last: buffer, version, line and column.
var asked: list<number> = []
var waiting = 0
var resting = 0
# A person wants to see nothing until the text changes from this.
var hidden: list<number> = []

export def IsShown(): bool
  return shown != null_object
enddef

export def Shown(): prediction.Prediction
  return shown
enddef

# A character is about to be inserted. Keys that came in faster than Vim draws are told one by one:
# several characters at once look like something that was not typed.
export def KeyPressed()
  if documents.Has(bufnr())
    documents.Flush(bufnr())
  endif
enddef

# The text may have changed.
export def Changed()
  if !documents.Has(bufnr())
    return
  endif
  documents.Flush(bufnr())
  Follow()
  Ask(AUTOMATIC)
enddef

# The cursor moved, or may have.
export def Moved()
  timer_stop(resting)
  if documents.Has(bufnr())
    if IsShown() && shown.kind == 'ghost' && !IsBeforeGhost()
      Clear()
    endif
    resting = timer_start(REST_MS, (_) => Ask(AUTOMATIC))
  endif
enddef

# Ask for a prediction, unless just that was asked already and nobody pressed a key for it.
export def Ask(kind: number)
  timer_stop(resting)
  if !documents.Has(bufnr()) || (kind == AUTOMATIC && !IsAsking())
    return
  endif
  documents.FlushAll()
  const here = Here()
  if kind == AUTOMATIC && here == asked
    return
  endif
  if waiting != 0
    server.Cancel(waiting)
  endif
  asked = here
  hidden = kind == INVOKED ? [] : hidden
  waiting = server.Request('zeta/nextEdit', Question(kind), (reply, _) => Answered(here, reply))
enddef

# Take what is shown off the screen.
export def Clear()
  if IsShown()
    shown = null_object
    screen.Clear()
    keys.Release()
  endif
enddef

# Take it off, and show nothing until the text changes.
export def Hide()
  Clear()
  hidden = Here()[: 1]
enddef

# The text was changed in keeping with what is shown: go on with what is left of it.
export def Follow()
  if !IsShown() || shown.bufnr != bufnr() || shown.version == documents.Version(bufnr())
    return
  endif
  const rest = shown.kind == 'ghost' ? prediction.Along(shown) : null_object
  Clear()
  if rest != null_object
    Show(rest)
  endif
enddef

# A completion menu opened or closed: the keys are its own while it is there.
export def MenuChanged()
  if IsShown()
    keys.Update()
  endif
enddef

def Show(what: prediction.Prediction)
  shown = what
  screen.Draw(shown)
  keys.Update()
enddef

def Answered(here: list<number>, reply: any)
  if asked is here
    waiting = 0
  endif
  if documents.Has(bufnr())
    documents.Flush(bufnr())
  endif
  if here != Here() || type(reply) != v:t_dict
    return
  endif
  if reply->get('reason') == 'mode_manual'
    return  # that it did not come by itself says nothing about what was asked for
  endif
  const found = here[: 1] == hidden ? null_object : prediction.Read(reply)
  Clear()
  if found != null_object
    Show(found)
  endif
enddef

# Buffer, version, line, column; a buffer that is not followed has version -1.
def Here(): list<number>
  return [bufnr(), documents.Version(bufnr()), line('.'), col('.')]
enddef

def Question(kind: number): dict<any>
  const known: document.Document = documents.Of(bufnr())
  const row = line('.') - 1
  return {
    textDocument: {uri: known.uri, version: known.version},
    position: {line: row, character: column.Units(known.lines[row], col('.') - 1)},
    context: {triggerKind: kind},
  }
enddef

# Only while somebody edits by hand: not in a macro, a selection or a command line.
def IsAsking(): bool
  return &modifiable && mode() =~ '^[niR]' && reg_executing() == ''
enddef

def IsBeforeGhost(): bool
  const first: prediction.Edit = shown.edits[0]
  return bufnr() == shown.bufnr && line('.') - 1 == first.row && col('.') - 1 <= first.col
enddef
