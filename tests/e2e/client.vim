vim9script
# A language client on Vim's own channels, as small as tests need: it opens a file, presses keys,
# asks, applies. Like most Vim plugins it sends the whole text with every change. Columns are bytes:
# the tests' files are ASCII. Runs the steps of $ZETA_STEPS (JSON) and writes what was answered to
# $ZETA_ANSWERS.

const root = $ZETA_ROOT
var version = 0
var answer: any = null
var answers: list<any> = []

def Uri(): string
  return 'file://' .. expand('%:p')
enddef

def Text(): string
  return join(getline(1, '$'), "\n") .. "\n"
enddef

def OnMessage(_: channel, message: dict<any>)
  if !has_key(message, 'id')
    return
  endif
  var result: any = null
  if message.method == 'workspace/applyEdit'
    Apply(message.params.edit)
    result = {applied: true}
  elseif message.method == 'window/showMessageRequest'
    result = message.params.actions[0]
  elseif message.method == 'window/showDocument'
    result = {success: true}
  endif
  ch_sendexpr(server, {id: message.id, result: result})
enddef

def Apply(edit: dict<any>)
  const edits = has_key(edit, 'changes') ? edit.changes[Uri()] : edit.documentChanges[0].edits
  for one in edits->mapnew((_, one) => one)->reverse()
    const first = one.range.start
    const last = one.range.end
    const head = strpart(getline(first.line + 1), 0, first.character)
    const tail = strpart(getline(last.line + 1), last.character)
    const lines = split(head .. one.newText .. tail, "\n", true)
    deletebufline('%', first.line + 1, last.line + 1)
    append(first.line, lines)
  endfor
  Changed()
enddef

def Notify(method: string, params: any)
  ch_sendexpr(server, {method: method, params: params})
enddef

def Ask(method: string, params: any): any
  var done = false
  ch_sendexpr(server, {method: method, params: params}, {
    callback: (_, reply) => {
      answer = get(reply, 'result', null)
      done = true
    }
  })
  while !done
    sleep 5m
  endwhile
  return answer
enddef

def Changed()
  version += 1
  Notify('textDocument/didChange', {
    textDocument: {uri: Uri(), version: version},
    contentChanges: [{text: Text()}],
  })
enddef

def Press(row: number, col: number, keys: string)
  cursor(row + 1, col + 1)
  for key in split(keys, '\zs')
    execute 'normal! i' .. key .. "\<Right>"
    Changed()
  endfor
enddef

def Run(command: string): any
  const place = {line: line('.') - 1, character: col('.') - 1}
  const position = {textDocument: {uri: Uri()}, position: place}
  return Ask('workspace/executeCommand', {command: command, arguments: [position]})
enddef

def Step(step: list<any>)
  if step[0] == 'press'
    Press(step[1], step[2], step[3])
  elseif step[0] == 'command'
    add(answers, Run(step[1]))
  elseif step[0] == 'save'
    silent write
    Notify('textDocument/didSave', {textDocument: {uri: Uri()}})
  elseif step[0] == 'wait'
    execute 'sleep ' .. step[1] .. 'm'
  endif
enddef

const server = job_getchannel(job_start(json_decode($ZETA_SERVER), {
  in_mode: 'lsp', out_mode: 'lsp', err_io: 'null', callback: OnMessage,
}))
execute 'edit ' .. $ZETA_FILE
Ask('initialize', {
  processId: getpid(),
  clientInfo: {name: 'Vim', version: string(v:versionlong)},
  rootUri: 'file://' .. root,
  workspaceFolders: [{uri: 'file://' .. root, name: fnamemodify(root, ':t')}],
  capabilities: {window: {showMessage: {}}},
})
Notify('initialized', {})
Notify('textDocument/didOpen', {
  textDocument: {uri: Uri(), languageId: 'python', version: version, text: Text()},
})
for step in json_decode($ZETA_STEPS)
  Step(step)
endfor
writefile([json_encode({answers: answers, lines: getline(1, '$')})], $ZETA_ANSWERS)
Ask('shutdown', null)
Notify('exit', null)
qall!
