/** The words on the screen: the hint that leads to an edit, the status bar, the diff in a hover. */

import { type Edit, type Jump, type Status } from './protocol';
import { inOrder } from './shape';
import { type Text } from './marks';

/** "next edit: line 40", or "next edit: other.py:3" in another file. Rows are told from 1. */
export function hintOf(jump: Jump, uri: string): string {
  const row = String(jump.position.line + 1);
  if (jump.textDocument.uri === uri) {
    return `next edit: line ${row}`;
  }
  return `next edit: ${nameOf(jump.textDocument.uri)}:${row}`;
}

/** The last part of a URI, readable. */
export function nameOf(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // it is no valid escape: better as it is than nothing
  }
}

/** What the server is doing, as far as the client knows by itself. */
export type Running = 'starting' | 'running' | 'stopped';

/** The text of the status bar, with VS Code's icons; it stays short. */
export function statusText(running: Running, status: Status | null): string {
  if (running === 'stopped') {
    return '$(error) zeta';
  }
  if (running === 'starting' || status === null) {
    return '$(loading~spin) zeta';
  }
  const record = status.capture ? ' $(record)' : '';
  if (status.paused) {
    return `$(debug-pause) zeta: paused${record}`;
  }
  const icon = status.busy ? '$(loading~spin)' : status.reason === null ? '$(zap)' : '$(circle-slash)';
  const latency = status.latencyMs === null ? '' : ` ${String(Math.round(status.latencyMs))} ms`;
  return `${icon} ${status.model}${latency}${record}`;
}

/** The lines of the status bar's hover. */
export function statusLines(running: Running, status: Status | null): string[] {
  if (running !== 'running' || status === null) {
    return [running === 'stopped' ? 'zeta-lsp is not running' : 'zeta-lsp is starting'];
  }
  const latency = status.latencyMs === null ? 'nothing asked yet' : `${status.latencyMs.toFixed(0)} ms`;
  return [
    `Model: ${status.model}`,
    `Latency: ${latency}`,
    `Capture: ${status.capture ? 'this file is recorded' : 'off'}`,
    ...(status.explanation === null ? [] : [`Nothing shown: ${status.explanation}`]),
  ];
}

/** A unified diff of what is proposed, without its header: the body of a hover. */
export function diffText(edits: readonly Edit[], text: Text): string {
  return inOrder(edits)
    .map((edit) => hunk(edit, text))
    .join('\n');
}

function hunk(edit: Edit, text: Text): string {
  const { start, end } = edit.range;
  const old: string[] = [];
  for (let row = start.line; row <= Math.min(end.line, text.rows - 1); row++) {
    old.push(text.line(row));
  }
  const head = old[0]?.slice(0, start.character) ?? '';
  const tail = end.line < text.rows ? (old.at(-1)?.slice(end.character) ?? '') : '';
  const fresh = (head + edit.newText + tail).split(/\r\n|\r|\n/);
  while (old.length > 0 && fresh.length > 0 && old[0] === fresh[0]) {
    old.shift();
    fresh.shift();
  }
  while (old.length > 0 && fresh.length > 0 && old.at(-1) === fresh.at(-1)) {
    old.pop();
    fresh.pop();
  }
  return [...old.map((line) => `- ${line}`), ...fresh.map((line) => `+ ${line}`)].join('\n');
}
