vim9script
# What is going on, as the server tells it: for the status line, and in full when asked.

import './documents.vim'
import './server.vim'

# Reasons that last, and so are worth a place in the status line.
const LASTING = '^\%(excluded\|mode_\|endpoint_\|api_key_\|model_\|format_\|bad_\|internal_\)'

var known: dict<any> = {}

# Short, for 'statusline': "zeta zeta-2.1 140ms ●rec". Empty where there is nothing to say.
export def Line(): string
  if !documents.Has(bufnr())
    return ['off', 'running']->index(server.state) >= 0 ? '' : $'zeta {server.state}'
  endif
  return 'zeta ' .. Mood() .. (IsRecorded() ? ' ●rec' : '')
enddef

# All of it, a line each.
export def Full(): list<string>
  const refusal = documents.Refusal(bufnr())
  if server.state != 'running'
    return [$'zeta-lsp is {server.state}'] + server.errors[-3 :]
  elseif refusal != ''
    return [$'This buffer is left alone: {refusal}.']
  endif
  return [
    $'zeta-lsp   {Mood()}',
    $'model      {known->get('model', '?')}',
    $'capture    {IsRecorded() ? 'this file is recorded' : 'off'}',
    $'nothing shown because {known->get('explanation') ?? '(something is shown, or nothing was asked)'}',
  ]
enddef

# The server says what is going on.
export def Update(now: dict<any>)
  known = now
  redrawstatus
enddef

def IsRecorded(): bool
  return known->get('capture', false) ? true : false
enddef

def Mood(): string
  const reason = known->get('reason') ?? ''
  if known->get('paused', false)
    return 'paused'
  elseif reason =~ LASTING
    return reason->tr('_', ' ')
  elseif known->get('busy', false)
    return $'{known.model} …'
  endif
  const latency_ms = known->get('latencyMs') ?? 0
  return known->get('model', '') .. (latency_ms == 0 ? '' : printf(' %.0fms', latency_ms))
enddef
