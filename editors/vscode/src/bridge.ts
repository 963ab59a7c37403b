/**
 * Answers the server's questions from the language extensions that run in this VS Code.
 *
 * The server waits 30 ms and takes what comes later for the next time, so nothing is hurried here. A
 * document that is not open is not opened for it, and a provider that fails costs its answer only.
 */

import { commands, languages, type Location, type LocationLink, Uri, workspace } from 'vscode';
import type { Diagnostic, Location as LspLocation } from 'vscode-languageclient';
import { type ZetaClient } from './client';
import { type Position, type Range } from './pure/protocol';

interface Asked {
  readonly items: readonly { readonly textDocument: { readonly uri: string }; readonly position: Position }[];
}

interface Located {
  readonly items: readonly { readonly locations: readonly LspLocation[] }[];
}

/** Answer a client's server from now on. */
export function answerFor(client: ZetaClient): void {
  client.onRequest('zeta/definitions', locate(client, 'vscode.executeDefinitionProvider'));
  client.onRequest('zeta/typeDefinitions', locate(client, 'vscode.executeTypeDefinitionProvider'));
  client.onRequest('zeta/diagnostics', (params: { textDocument: { uri: string } }) => ({
    items: diagnostics(client, params.textDocument.uri),
  }));
}

function locate(client: ZetaClient, command: string): (asked: Asked) => Promise<Located> {
  return async ({ items }) => ({
    items: await Promise.all(
      items.map(async ({ textDocument, position }) => ({
        locations: await locations(client, command, textDocument.uri, position),
      })),
    ),
  });
}

async function locations(
  client: ZetaClient,
  command: string,
  name: string,
  position: Position,
): Promise<LspLocation[]> {
  const uri = client.protocol2CodeConverter.asUri(name);
  if (!isOpen(uri)) {
    return [];
  }
  try {
    const place = client.protocol2CodeConverter.asPosition(position);
    const found = await commands.executeCommand<(Location | LocationLink)[] | undefined>(command, uri, place);
    return (found ?? []).map((one) => located(client, one));
  } catch {
    return []; // the extension that was asked failed: it knows nothing of this name
  }
}

function located(client: ZetaClient, found: Location | LocationLink): LspLocation {
  const [uri, range] =
    'targetUri' in found
      ? [found.targetUri, found.targetSelectionRange ?? found.targetRange]
      : [found.uri, found.range];
  return { uri: client.code2ProtocolConverter.asUri(uri), range: plain(range) };
}

function diagnostics(client: ZetaClient, name: string): Diagnostic[] {
  const found = languages.getDiagnostics(client.protocol2CodeConverter.asUri(name));
  return client.code2ProtocolConverter.asDiagnosticsSync(found);
}

function isOpen(uri: Uri): boolean {
  const name = uri.toString();
  return workspace.textDocuments.some((document) => document.uri.toString() === name);
}

function plain({ start, end }: Range): LspLocation['range'] {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}
