vim9script
# Next edits by zeta-lsp: what a vimrc, a status line and the plugin's own events call.

import './zeta/bridge.vim'
import './zeta/documents.vim'
import './zeta/edits.vim'
import './zeta/person.vim'
import './zeta/proposal.vim'
import './zeta/screen.vim'
import './zeta/server.vim'
import './zeta/status.vim'
import './zeta/workspace.vim'

# For 'statusline': %{zeta#Statusline()}
export def Statusline(): string
  return status.Line()
enddef

# Whether the server follows this buffer.
export def IsFollowed(): bool
  return documents.Has(bufnr())
enddef

# Whether something is on the screen, for mappings of your own.
export def IsShown(): bool
  return proposal.IsShown()
enddef

# A buffer is shown: follow it, and start the server for the first one.
export def Entered(bufnr: number)
  if documents.Refusal(bufnr) != ''
    documents.Close(bufnr)
    return
  endif
  Start(documents.Path(bufnr))
  documents.Open(bufnr)
  Focus()
enddef

export def Restart()
  documents.Forget()
  server.Stop()
  Entered(bufnr())
enddef

export def Focus()
  if documents.Has(bufnr())
    server.Notify('textDocument/didFocus', {textDocument: {uri: documents.Uri(bufnr())}})
  endif
enddef

def Start(path: string)
  if server.state == 'off'
    Register()
    const command = get(g:, 'zeta_command', ['zeta-lsp'])
    server.Start(type(command) == v:t_list ? command : [command], () => Hello(path))
  endif
enddef

def Register()
  server.OnNotification('window/showMessage', person.Tell)
  server.OnNotification('zeta/didChangeStatus', status.Update)
  server.OnRequest('window/showMessageRequest', person.Ask)
  server.OnRequest('window/showDocument', ShowDocument)
  server.OnRequest('workspace/applyEdit', ApplyEdit)
  bridge.Register()
  server.OnState(Became)
enddef

def Hello(path: string): dict<any>
  const folders = workspace.Begin(path)
  const version = $'{v:version / 100}.{v:version % 100}.{v:versionlong % 10000}'
  return {
    processId: getpid(),
    clientInfo: {name: 'Vim', version: version},
    rootUri: folders[0].uri,
    workspaceFolders: folders,
    initializationOptions: get(g:, 'zeta_settings', {}),
    capabilities: {
      general: {positionEncodings: ['utf-16']},
      textDocument: {inlineCompletion: {}},
      window: {showMessage: {messageActionItem: {}}, showDocument: {support: true}},
      workspace: {applyEdit: true, workspaceEdit: {documentChanges: true}, workspaceFolders: true},
      experimental: {zetaBridge: bridge.IsThere(), zetaStatus: true},
    },
  }
enddef

# The server began or ended.
def Became()
  if server.state == 'running'
    for info in getbufinfo({bufloaded: true})
      if !empty(info.windows)
        documents.Open(info.bufnr)
      endif
    endfor
    Focus()
  else
    proposal.Clear()
    documents.Forget()
    status.Update({})
  endif
enddef

def ApplyEdit(params: any, Reply: func(any))
  edits.ApplyWorkspaceEdit(params.edit)
  Reply({applied: true})
enddef

def ShowDocument(params: any, Reply: func(any))
  const path = workspace.Path(params.uri)
  execute $'hide edit {fnameescape(path)}'
  const start = params->get('selection', {})->get('start', {line: 0, character: 0})
  cursor(start.line + 1, start.character + 1)
  Reply({success: true})
enddef
