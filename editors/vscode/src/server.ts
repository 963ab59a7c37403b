/**
 * The server's life: start, restart, stop, and the few things that the rest may ask of it.
 *
 * Nothing here waits for the server on a key stroke, and a server that is missing costs one message
 * and a sign in the status bar.
 */

import { CancellationTokenSource, commands, type LogOutputChannel, window } from 'vscode';
import { State as ClientState } from 'vscode-languageclient/node';
import { makeClient, type ZetaClient } from './client';
import { type Answer, type Entry, type Question, type Status, Trigger } from './pure/protocol';
import { type State } from './pure/asker';
import { type Running } from './pure/wording';
import { launchSettings, narrowedSettings } from './settings';

type Listener = () => void;

export class Server {
  running: Running = 'stopped';
  status: Status | null = null;
  private client: ZetaClient | null = null;
  /** What the server was told of the settings. */
  private told = '';
  private readonly listeners: Listener[] = [];
  private readonly starters: Listener[] = [];

  /** `prepare` is called with each client before it starts: what answers the server's requests. */
  constructor(
    private readonly output: LogOutputChannel,
    private readonly prepare: (client: ZetaClient) => void,
  ) {}

  /** Be told when `running` or `status` is another one. */
  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Be told when a server is there, at first and after each restart. */
  onStart(listener: Listener): void {
    this.starters.push(listener);
  }

  async start(): Promise<void> {
    const client = makeClient(launchSettings(), () => this.tell(), this.output);
    this.client = client;
    this.prepare(client);
    client.onNotification('zeta/didChangeStatus', (status: Status) => {
      this.become(this.running, status);
    });
    client.onDidChangeState(({ newState }) => {
      this.clientIs(client, newState);
    });
    try {
      await client.start();
    } catch (error) {
      this.output.error(String(error));
      this.become('stopped', null);
      void this.sayMissing();
    }
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = null;
    if (client !== null && client.state !== ClientState.Stopped) {
      await client.stop();
    }
    await client?.dispose();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** `zeta/nextEdit`; null if there is no server. */
  async nextEdit(state: State, trigger: Trigger, signal: AbortSignal): Promise<Answer | null> {
    if (this.client === null || this.running !== 'running') {
      return null;
    }
    const question: Question = {
      textDocument: { uri: state.uri },
      position: state.position,
      context: { triggerKind: trigger },
    };
    const cancel = new CancellationTokenSource();
    signal.addEventListener('abort', () => {
      cancel.cancel();
    });
    try {
      return await this.client.sendRequest<Answer>('zeta/nextEdit', question, cancel.token);
    } finally {
      cancel.dispose();
    }
  }

  /** One of the server's commands; undefined if there is no server or it refuses. */
  async run(command: string, ...args: unknown[]): Promise<unknown> {
    if (this.client === null || this.running !== 'running') {
      void window.showWarningMessage('zeta-lsp is not running.');
      return undefined;
    }
    try {
      return await this.client.sendRequest('workspace/executeCommand', { command, arguments: args });
    } catch (error) {
      this.output.error(`${command}: ${String(error)}`);
      return undefined;
    }
  }

  /** The latest entries of the journal. */
  async explain(): Promise<Entry[]> {
    const entries = await this.run('zeta.explain');
    return Array.isArray(entries) ? (entries as Entry[]) : [];
  }

  /** Why nothing is shown, in words; null if something is, or nobody knows. */
  async why(): Promise<string | null> {
    if (this.client === null || this.running !== 'running') {
      return 'zeta-lsp is not running';
    }
    return (await this.client.sendRequest<Status>('zeta/status')).explanation;
  }

  /** The settings may be others than the server was told; it can only be told what narrows. */
  configure(): void {
    if (this.running === 'running' && JSON.stringify(narrowedSettings()) !== this.told) {
      const settings = { zeta: this.tell() };
      void this.client?.sendNotification('workspace/didChangeConfiguration', { settings });
    }
  }

  private tell(): object {
    const settings = narrowedSettings();
    this.told = JSON.stringify(settings);
    return settings;
  }

  private clientIs(client: ZetaClient, state: ClientState): void {
    if (client !== this.client) {
      return; // one that was replaced
    }
    if (state === ClientState.Running) {
      void this.greet(client);
    } else {
      this.become(state === ClientState.Stopped ? 'stopped' : 'starting', null);
    }
  }

  private async greet(client: ZetaClient): Promise<void> {
    this.become('running', null);
    this.configure(); // they may have changed while it started
    try {
      this.become('running', await client.sendRequest<Status>('zeta/status'));
    } catch (error) {
      this.output.error(`zeta/status: ${String(error)}`); // it is gone again, or older than this client
    }
    for (const listener of this.starters) {
      listener();
    }
  }

  private become(running: Running, status: Status | null): void {
    this.running = running;
    this.status = status;
    for (const listener of this.listeners) {
      listener();
    }
  }

  private async sayMissing(): Promise<void> {
    const [command] = launchSettings().command;
    const choice = await window.showErrorMessage(
      `zeta-lsp did not start (${command ?? 'no command'}). Install it, or set zeta.server.command.`,
      'How to install',
      'Settings',
      'Log',
    );
    if (choice === 'How to install') {
      await commands.executeCommand('zeta.walkthrough');
    } else if (choice === 'Settings') {
      await commands.executeCommand('workbench.action.openSettings', 'zeta.server');
    } else if (choice === 'Log') {
      this.output.show();
    }
  }
}
