vim9script
# The connection to zeta-lsp: one process for all buffers, started with the first of them.
#
# Everything is asynchronous: a request has a callback, and writing never waits for the server. What
# the server says by itself goes to whoever registered for the method. A process that ends by itself
# is started again, with growing pauses, three times.

const PAUSES_MS = [1000, 5000, 30000]
# A server that worked for so long has earned new starts.
const HEALTHY_S = 120
const ERRORS_KEPT = 200
const METHOD_NOT_FOUND = -32601

# 'off', 'starting', 'running' or 'failed'.
export var state = 'off'
# What it wrote to its standard error, the latest last.
export var errors: list<string> = []

var job: job = null_job
var started_s = 0
var failures = 0
var requests: dict<func(any, func(any))> = {}
var notifications: dict<func(any)> = {}
var StateHandler: func() = null_function

# Call `Handler(params)` when the server says this.
export def OnNotification(method: string, Handler: func(any))
  notifications[method] = Handler
enddef

# Call `Handler(params, Reply)` when the server asks this; `Reply(result)` answers, then or later.
export def OnRequest(method: string, Handler: func(any, func(any)))
  requests[method] = Handler
enddef

# Call this whenever `state` is another one.
export def OnState(Handler: func())
  StateHandler = Handler
enddef

# Start the process, if it does not run. `Hello()` gives the parameters of `initialize`, each time.
export def Start(command: list<string>, Hello: func(): dict<any>)
  if state == 'starting' || state == 'running'
    return
  endif
  if !executable(command[0])
    KeepError($'{command[0]} is not on $PATH')
    Become('failed')
    return
  endif
  started_s = localtime()
  job = job_start(command, {
    in_mode: 'lsp',
    out_mode: 'lsp',
    err_mode: 'nl',
    noblock: true,
    stoponexit: '',  # it ends with our end of the pipe, once it has written down what it knows
    out_cb: (_, message) => Receive(message),
    err_cb: (_, text) => KeepError(text),
    exit_cb: (ended, status) => Ended(ended, status, () => Start(command, Hello)),
  })
  Become('starting')
  Request('initialize', Hello(), (result, _) => {
    Notify('initialized', {})
    Become(result == null ? 'failed' : 'running')
  })
enddef

# End the process; it is not started again.
export def Stop()
  if job_status(job) == 'run'
    const ending = job
    Request('shutdown', null, (_, _) => {
      ch_sendexpr(ending, {method: 'exit'})
    })
  endif
  failures = 0
  job = null_job
  Become('off')
enddef

# Vim ends: nobody waits for an answer.
export def Leave()
  if job_status(job) == 'run'
    ch_sendexpr(job, {method: 'shutdown'}, {callback: (_, _) => 0})
    Notify('exit', {})
  endif
enddef

# Ask; `Callback(result, error)` gets the answer. The number is for `Cancel()`.
export def Request(method: string, params: any, Callback: func(any, any)): number
  if !CanSend()
    return 0
  endif
  const sent = ch_sendexpr(job, {method: method, params: params}, {
    callback: (_, reply) => Callback(reply->get('result', null), reply->get('error', null)),
  })
  return sent->get('id', 0)
enddef

export def Notify(method: string, params: any)
  if CanSend()
    ch_sendexpr(job, {method: method, params: params})
  endif
enddef

export def Cancel(id: number)
  Notify('$/cancelRequest', {id: id})
enddef

# Run a command of the server.
export def Execute(command: string, arguments: list<any>, Callback: func(any, any) = Ignore)
  Request('workspace/executeCommand', {command: command, arguments: arguments}, Callback)
enddef

def Ignore(_: any, _: any)
enddef

def CanSend(): bool
  return job != null_job && ch_status(job) == 'open'
enddef

def Receive(message: dict<any>)
  const method = message->get('method', '')
  const params = message->get('params', null)
  if !message->has_key('id')
    if notifications->has_key(method)
      notifications[method](params)
    endif
  elseif requests->has_key(method)
    requests[method](params, (result) => Answer({id: message.id, result: result}))
  else
    Answer({id: message.id, error: {code: METHOD_NOT_FOUND, message: $'no {method} here'}})
  endif
enddef

def Answer(message: dict<any>)
  if CanSend()
    ch_sendexpr(job, message)
  endif
enddef

def Ended(ended: job, status: number, Again: func())
  if ended != job
    return
  endif
  job = null_job
  KeepError($'zeta-lsp ended with status {status}')
  failures = localtime() - started_s > HEALTHY_S ? 0 : failures + 1
  Become('failed')
  if failures <= len(PAUSES_MS)
    timer_start(PAUSES_MS[failures - 1], (_) => Again())
  endif
enddef

def Become(now: string)
  if now == state
    return
  endif
  state = now
  if StateHandler != null_function
    StateHandler()
  endif
enddef

def KeepError(text: string)
  errors = (errors + [text])[-ERRORS_KEPT :]
enddef
