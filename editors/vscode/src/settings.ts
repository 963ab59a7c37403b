/**
 * What a person may set here, and which of it goes to the server.
 *
 * Where code is sent is not among it: that stands in zeta-lsp's own file. What is said here can only
 * narrow. The command to run is scoped `machine` in package.json, so no workspace can name one.
 */

import { type ConfigurationScope, workspace } from 'vscode';

export interface LaunchSettings {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** How to start the server. */
export function launchSettings(): LaunchSettings {
  const settings = workspace.getConfiguration('zeta.server');
  return {
    command: settings.get<string[]>('command', ['zeta-lsp']),
    environment: settings.get<Record<string, string>>('environment', {}),
  };
}

/** What the server is told: only what somebody has set. */
export function narrowedSettings(): object {
  const settings = workspace.getConfiguration('zeta');
  const tables = {
    predict: { mode: 'predict.mode', languages: 'predict.languages', disabled_globs: 'predict.disabledGlobs' },
    context: { definitions: 'context.definitions', diagnostics: 'context.diagnostics' },
    capture: { enabled: 'capture.enabled' },
  };
  const told: Record<string, unknown> = {};
  for (const [table, names] of Object.entries(tables)) {
    const chosen = Object.entries(names)
      .map(([name, key]) => [name, chosenValue(settings.inspect(key))] as const)
      .filter(([, value]) => value !== undefined);
    if (chosen.length > 0) {
      told[table] = Object.fromEntries(chosen);
    }
  }
  const endpoint = chosenValue(settings.inspect('endpoint'));
  return endpoint === undefined || endpoint === '' ? told : { ...told, endpoint };
}

type Inspected = ReturnType<ReturnType<typeof workspace.getConfiguration>['inspect']>;

function chosenValue(found: Inspected): unknown {
  return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
}

/** Whether VS Code draws ghost text in a document at all. */
export function drawsGhosts(scope: ConfigurationScope): boolean {
  return workspace.getConfiguration('editor.inlineSuggest', scope).get('enabled', true);
}

/** How many rows of new text are drawn beside the code. */
export function blockRows(): number {
  return workspace.getConfiguration('zeta.diff').get('rows', 12);
}
