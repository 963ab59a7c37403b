/** The commands that a person runs by key or by name. Their titles and keys are in package.json. */

import { commands, type LogOutputChannel, type QuickPickItem, window } from 'vscode';
import { type Accepting } from './accepting';
import { type Loop } from './loop';
import { type Entry, Trigger } from './pure/protocol';
import { nameOf } from './pure/wording';
import { type Server } from './server';

const WALKTHROUGH = 'zeta-lsp.zeta-lsp#start';
const MESSAGE_MS = 5000;
const MENU = {
  'Why is nothing shown?': 'zeta.explain',
  'Ask for a prediction': 'zeta.ask',
  'Pause or resume': 'zeta.pause',
  'Record this project': 'zeta.captureOn',
  'Stop recording this project': 'zeta.captureOff',
  'Restart the server': 'zeta.restart',
  'Show the log': 'zeta.log',
} as const;

/** What the commands need. */
export interface Parts {
  readonly accepting: Accepting;
  readonly loop: Loop;
  readonly server: Server;
  readonly output: LogOutputChannel;
}

/** Every command by its name in package.json. */
export function commandsOf({ accepting, loop, server, output }: Parts): Record<string, () => unknown> {
  return {
    'zeta.ask': () => ask(loop, server),
    'zeta.accept': () => accepting.accept(),
    'zeta.tab': () => accepting.tab(),
    'zeta.acceptWord': () => accepting.acceptWord(),
    'zeta.acceptLine': () => accepting.acceptLine(),
    'zeta.jump': () => accepting.jump(),
    'zeta.reject': () => accepting.reject(),
    'zeta.hide': () => accepting.hide(),
    'zeta.explain': () => explain(server),
    'zeta.pause': () => server.run('zeta.pause'),
    'zeta.captureOn': () => capture(server, true),
    'zeta.captureOff': () => capture(server, false),
    'zeta.menu': menu,
    'zeta.walkthrough': () => commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH),
    'zeta.restart': () => server.restart(),
    'zeta.log': () => {
      output.show();
    },
  };
}

/** Ask as a person does; what is not shown has a reason, which is told. */
async function ask(loop: Loop, server: Server): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined || (await loop.predict(editor, Trigger.Explicit)) !== null) {
    return;
  }
  const why = await server.why();
  window.setStatusBarMessage(`zeta: nothing to show${why === null ? '' : `: ${why}`}`, MESSAGE_MS);
}

/** Say why nothing is shown: the latest entries of the journal, newest first. */
async function explain(server: Server): Promise<void> {
  const entries = await server.explain();
  const items = entries.map(itemOf);
  const placeHolder = items.length === 0 ? 'Nothing was asked yet' : 'The latest predictions, newest first';
  await window.showQuickPick(items, { title: 'zeta-lsp', placeHolder, matchOnDetail: true });
}

function itemOf(entry: Entry): QuickPickItem {
  const ending = entry.ending.replaceAll('_', ' ');
  return { label: entry.explanation, description: `${nameOf(entry.path)} · ${ending}` };
}

/** Start or stop recording the project of the active file; the server asks for consent. */
async function capture(server: Server, on: boolean): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    void window.showInformationMessage('Open a file of the project first.');
    return;
  }
  const { line, character } = editor.selection.active;
  const place = { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
  await server.run(on ? 'zeta.captureOn' : 'zeta.captureOff', place);
}

async function menu(): Promise<void> {
  const choice = await window.showQuickPick(Object.keys(MENU), { title: 'zeta-lsp' });
  if (choice !== undefined) {
    await commands.executeCommand(MENU[choice as keyof typeof MENU]);
  }
}
