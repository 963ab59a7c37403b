/**
 * zeta-lsp in coc.nvim: coc asks for ghost text and next edits, the server answers both with one
 * prediction, and what coc has no picture for is drawn here.
 */
import {
  commands,
  events,
  LanguageClient,
  languages,
  services,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type InlineCompletionMiddleware,
  type Middleware,
} from 'coc.nvim'
import { Asking } from './asking'
import { answer } from './bridge'
import { listen } from './person'
import { Screen } from './screen'
import { Status } from './status'
import { Taking } from './taking'
import { Views } from './views'

const REST_MS = 150

export async function activate(context: ExtensionContext): Promise<void> {
  const screen = new Screen()
  const client = makeClient((document, position) => views.inline(document, position))
  const asking = new Asking(client)
  const views = new Views(asking, screen)
  const taking = new Taking(client, asking, screen, views)
  const status = new Status(client)
  await screen.start()
  context.subscriptions.push(
    services.registerLanguageClient(client),
    ...keys(taking),
    ...watch(screen),
    commands.registerCommand('zeta.status', () => status.tell()),
    commands.registerCommand('zeta.ask', () => taking.ask()),
    commands.registerCommand('zeta.capture', (wish?: string) => capture(client, wish)),
  )
  await client.onReady()
  answer(client)
  status.listen()
  context.subscriptions.push(listen(client), ...focus(client))
  const next = languages.registerNextEditProvider?.([{ scheme: 'file' }], {
    provideNextEdits: (document, position, _, token) => views.nextEdits(document, position, token),
    handleDidShowNextEdit: () => screen.clear(), // coc draws it now
  })
  if (next) context.subscriptions.push(next)
}

function makeClient(inline: Views['inline']): LanguageClient {
  const settings = workspace.getConfiguration('zeta')
  // A project may not say which program is run.
  const command = settings.inspect<string[]>('command')?.globalValue ?? ['zeta-lsp']
  const middleware: Middleware & InlineCompletionMiddleware = { provideInlineCompletionItems: inline }
  const filetypes = settings.get<string[]>('filetypes', ['*'])
  const client = new LanguageClient(
    'zeta',
    'zeta-lsp',
    { command: command[0] ?? 'zeta-lsp', args: command.slice(1) },
    {
      documentSelector: filetypes.includes('*') ? [{ scheme: 'file' }] : filetypes,
      initializationOptions: settings.get('settings', {}),
      middleware,
    },
  )
  client.registerFeature({
    fillClientCapabilities(capabilities: { experimental?: object }): void {
      capabilities.experimental = { zetaBridge: true, zetaStatus: true }
    },
    initialize(): void {
      // Nothing depends on what the server can do.
    },
    dispose(): void {
      // Nothing is held.
    },
  })
  return client
}

/** `<Plug>(coc-zeta-…)`, to be mapped as the README says. */
function keys(taking: Taking): Disposable[] {
  const table: Record<string, () => Promise<void> | void> = {
    'zeta-accept': () => taking.all(),
    'zeta-accept-word': () => taking.word(),
    'zeta-accept-line': () => taking.line(),
    'zeta-reject': () => taking.reject(),
    'zeta-hide': () => taking.hide(),
    'zeta-ask': () => taking.ask(),
  }
  return Object.entries(table).map(([name, run]) =>
    workspace.registerKeymap(['i', 'n'], name, run, { sync: false, silent: true }),
  )
}

/** Take off the screen what the text has left behind, and ask when the cursor has rested. */
function watch(screen: Screen): Disposable[] {
  let rest: NodeJS.Timeout | undefined
  const asks = (): void => {
    commands.executeCommand('editor.action.triggerNextEdit', { autoTrigger: true }).catch(() => {})
  }
  return [
    events.on('InsertCharPre', () => screen.clear()),
    events.on('BufEnter', () => screen.clear()),
    workspace.onDidChangeTextDocument(() => screen.clear()),
    events.on(['CursorMoved', 'CursorMovedI'], () => {
      clearTimeout(rest)
      rest = setTimeout(asks, REST_MS)
    }),
    { dispose: () => clearTimeout(rest) },
  ]
}

/** Tell the server which document the person looks at: status and commands are about that one. */
function focus(client: LanguageClient): Disposable[] {
  const tell = (uri: string | undefined): void => {
    if (uri) client.sendNotification('textDocument/didFocus', { textDocument: { uri } })
  }
  tell(window.activeTextEditor?.document.uri)
  return [window.onDidChangeActiveTextEditor((editor) => tell(editor?.document.uri))]
}

async function capture(client: LanguageClient, wish?: string): Promise<void> {
  if (wish !== 'on' && wish !== 'off') {
    void window.showWarningMessage('zeta.capture takes "on" or "off"')
    return
  }
  const { uri } = await workspace.document
  const position = await window.getCursorPosition()
  const command = wish === 'on' ? 'zeta.captureOn' : 'zeta.captureOff'
  await client.sendRequest('workspace/executeCommand', {
    command,
    arguments: [{ textDocument: { uri }, position }],
  })
}
