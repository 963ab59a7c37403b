/**
 * Next-edit predictions of zeta-lsp in VS Code. The parts are joined here.
 *
 * The client decides nothing and keeps no history: it asks, shows, accepts and reports, as
 * `docs/clients.md` of zeta-lsp describes. Where code is sent and what is recorded is the server's.
 */

import { commands, type ExtensionContext, languages, window, workspace } from 'vscode';
import { Accepting } from './accepting';
import { answerFor } from './bridge';
import { DOCUMENTS } from './client';
import { ask, capture, explain, menu, pause, walkthrough } from './commands';
import { Drawing } from './drawing';
import { GHOST_ACCEPTED, GhostText } from './ghost';
import { Loop } from './loop';
import { Screen, type Shown } from './screen';
import { Server } from './server';
import { statusBarItem } from './statusbar';

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel('zeta-lsp', { log: true });
  const running = new Server(output, answerFor);
  server = running;
  const drawing = new Drawing();
  const screen = new Screen(drawing);
  const loop = new Loop(screen, (state, trigger, signal) => running.nextEdit(state, trigger, signal));
  const accepting = new Accepting(screen, loop, running);
  running.onChange(() => {
    if (running.running !== 'running') {
      loop.forget();
    }
  });
  const table: Record<string, (...args: never[]) => unknown> = {
    'zeta.ask': () => ask(loop, running),
    'zeta.accept': () => accepting.accept(),
    'zeta.acceptWord': () => accepting.acceptWord(),
    'zeta.acceptLine': () => accepting.acceptLine(),
    'zeta.jump': () => accepting.jump(),
    'zeta.reject': () => accepting.reject(),
    'zeta.hide': () => accepting.hide(),
    'zeta.explain': () => explain(running),
    'zeta.pause': () => pause(running),
    'zeta.captureOn': () => capture(running, true),
    'zeta.captureOff': () => capture(running, false),
    'zeta.menu': menu,
    'zeta.walkthrough': walkthrough,
    'zeta.restart': () => running.restart(),
    'zeta.log': () => {
      output.show();
    },
    [GHOST_ACCEPTED]: (shown: Shown) => accepting.ghostAccepted(shown),
  };
  context.subscriptions.push(
    output,
    drawing,
    loop,
    statusBarItem(running),
    languages.registerInlineCompletionItemProvider(DOCUMENTS, new GhostText(loop)),
    ...Object.entries(table).map(([name, run]) => commands.registerCommand(name, run)),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('zeta.server')) {
        void running.restart();
      } else if (event.affectsConfiguration('zeta')) {
        running.configure();
      }
    }),
  );
  await running.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
