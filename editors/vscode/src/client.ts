/**
 * The connection to zeta-lsp: vscode-languageclient with nothing but what this client needs.
 *
 * Of the library's features those that synchronise documents are kept. Completion menu, light bulb
 * and ghost text are left out: the server offers them to editors that have no client like this one,
 * and here they would ask for everything twice.
 */

import type {
  ClientCapabilities,
  DynamicFeature,
  FeatureState,
  StaticFeature,
} from 'vscode-languageclient';
import { LanguageClient } from 'vscode-languageclient/node';
import type * as vscode from 'vscode';
import { type LaunchSettings } from './settings';

const KEPT = new Set([
  'textDocument/didOpen',
  'textDocument/didChange',
  'textDocument/willSave',
  'textDocument/didSave',
  'textDocument/didClose',
  'workspace/didChangeWatchedFiles',
  'workspace/didChangeWorkspaceFolders',
  'workspace/didRenameFiles',
]);
/** Predictions are for files and for texts that are no file yet, not for what other parts show. */
export const DOCUMENTS = [{ scheme: 'file' }, { scheme: 'untitled' }];

type Feature = StaticFeature | DynamicFeature<unknown>;

export class ZetaClient extends LanguageClient {
  private hasStarted = false;

  override async start(): Promise<void> {
    await super.start();
    this.hasStarted = true;
  }

  /** A server that does not start is told of once, by whoever started it. */
  override error(message: string, data?: unknown, show: boolean | 'force' = true): void {
    super.error(message, data, this.hasStarted ? show : false);
  }

  override registerFeature(feature: Feature): void {
    const method = 'registrationType' in feature ? feature.registrationType.method : null;
    if (method === null ? isOurs(feature) : KEPT.has(method)) {
      super.registerFeature(feature);
    }
  }
}

/** Our own, or the one that shows the server's progress in the window. */
function isOurs(feature: Feature): boolean {
  return feature instanceof Announcement || feature.getState().kind === 'window';
}

/** Says at the start what this client shows and answers. */
class Announcement implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.textDocument = { ...capabilities.textDocument, inlineCompletion: {} };
    capabilities.experimental = { zetaBridge: true, zetaStatus: true };
  }

  getState(): FeatureState {
    return { kind: 'static' };
  }

  initialize(): void {
    // what the server offers is asked for when it is needed
  }

  clear(): void {
    // nothing is registered
  }
}

/** A client that is not started yet. `narrowed` gives the settings that the server is told. */
export function makeClient(
  launch: LaunchSettings,
  narrowed: () => object,
  output: vscode.LogOutputChannel,
): ZetaClient {
  const [command, ...args] = launch.command;
  const options = { env: { ...process.env, ...launch.environment } };
  const client = new ZetaClient(
    'zeta',
    'zeta-lsp',
    { command: command ?? '', args, options },
    {
      documentSelector: DOCUMENTS,
      outputChannel: output,
      initializationOptions: () => ({ zeta: narrowed() }),
    },
  );
  client.registerFeature(new Announcement());
  return client;
}
