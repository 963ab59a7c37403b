/** The commands that a person runs by name: pause, capture, why, menu. Keys are in package.json. */

import { commands, type QuickPickItem, window } from 'vscode';
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

/** Ask as a person does; what is not shown has a reason, which is told. */
export async function ask(loop: Loop, server: Server): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined || (await loop.predict(editor, Trigger.Explicit)) !== null) {
    return;
  }
  const why = server.status?.explanation;
  window.setStatusBarMessage(`zeta: nothing to show${why ? `: ${why}` : ''}`, MESSAGE_MS);
}

/** Say why nothing is shown: the latest entries of the journal, newest first. */
export async function explain(server: Server): Promise<void> {
  const entries = await server.explain();
  const items = entries.map(itemOf);
  const placeHolder = items.length === 0 ? 'Nothing was asked yet' : 'The latest predictions, newest first';
  await window.showQuickPick(items, { title: 'zeta-lsp', placeHolder, matchOnDetail: true });
}

function itemOf(entry: Entry): QuickPickItem {
  const ending = entry.ending.replaceAll('_', ' ');
  return { label: entry.explanation, description: `${nameOf(entry.path)} · ${ending}` };
}

/** Pause predictions, or resume them. */
export async function pause(server: Server): Promise<void> {
  await server.run('zeta.pause');
}

/** Start or stop recording the project of the active file; the server asks for consent. */
export async function capture(server: Server, on: boolean): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    void window.showInformationMessage('Open a file of the project first.');
    return;
  }
  const { line, character } = editor.selection.active;
  const place = { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
  await server.run(on ? 'zeta.captureOn' : 'zeta.captureOff', place);
}

export async function menu(): Promise<void> {
  const choice = await window.showQuickPick(Object.keys(MENU), { title: 'zeta-lsp' });
  if (choice !== undefined) {
    await commands.executeCommand(MENU[choice as keyof typeof MENU]);
  }
}

export async function walkthrough(): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false);
}
