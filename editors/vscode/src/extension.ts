/**
 * Next-edit predictions of zeta-lsp in VS Code. The parts are joined here.
 *
 * The client decides nothing and keeps no history: it asks, shows, accepts and reports, as
 * `docs/clients.md` of zeta-lsp describes. Where code is sent and what is recorded is the server's.
 */

import { commands, type Disposable, type ExtensionContext, languages, window, workspace } from 'vscode';
import { Accepting } from './accepting';
import { answerFor } from './bridge';
import { DOCUMENTS } from './client';
import { commandsOf } from './commands';
import { Drawing } from './drawing';
import { GHOST_ACCEPTED, GhostText } from './ghost';
import { Loop } from './loop';
import { Screen, type Shown } from './screen';
import { Server } from './server';
import { launchSettings } from './settings';
import { statusBarItem } from './statusbar';

let running: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel('zeta-lsp', { log: true });
  const server = new Server(output, answerFor);
  const drawing = new Drawing();
  const screen = new Screen(drawing);
  const loop = new Loop(screen, (state, trigger, signal) => server.nextEdit(state, trigger, signal));
  const accepting = new Accepting(screen, loop, server);
  const named = Object.entries(commandsOf({ accepting, loop, server, output }));
  context.subscriptions.push(
    output,
    drawing,
    loop,
    statusBarItem(server),
    languages.registerInlineCompletionItemProvider(DOCUMENTS, new GhostText(loop)),
    ...named.map(([name, run]) => commands.registerCommand(name, run)),
    commands.registerCommand(GHOST_ACCEPTED, (shown: Shown) => accepting.ghostAccepted(shown)),
    followSettings(server),
  );
  server.onChange(() => {
    if (server.running !== 'running') {
      loop.forget();
    }
  });
  server.onStart(() => {
    loop.resume();
  });
  running = server;
  await server.start();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

function followSettings(server: Server): Disposable {
  let launched = JSON.stringify(launchSettings());
  return workspace.onDidChangeConfiguration((event) => {
    const launch = JSON.stringify(launchSettings());
    if (launch !== launched) {
      launched = launch; // a workspace may say what it likes, without effect
      void server.restart();
    } else if (event.affectsConfiguration('zeta')) {
      server.configure();
    }
  });
}
