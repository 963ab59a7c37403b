/**
 * What goes over the wire beside standard LSP, as `docs/clients.md` of zeta-lsp describes it.
 *
 * Positions are LSP's: rows from 0, columns in UTF-16 code units, which are VS Code's own.
 */

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface DocumentId {
  readonly uri: string;
  readonly version?: number | null;
}

/** One replacement. The edits of an answer do not overlap and are all in the text as it is now. */
export interface Edit {
  readonly textDocument: DocumentId;
  readonly range: Range;
  readonly newText: string;
}

export interface Jump {
  readonly textDocument: DocumentId;
  readonly position: Position;
}

/** LSP's trigger kinds. The person's own requests are answered even in manual mode. */
export const enum Trigger {
  Explicit = 1,
  Automatic = 2,
}

export interface Question {
  readonly textDocument: DocumentId;
  readonly position: Position;
  readonly context: { readonly triggerKind: Trigger };
}

/** The answer to `zeta/nextEdit`: edits, a jump, or the reason why there is neither. */
export interface Answer {
  readonly id: string | null;
  readonly edits: readonly Edit[];
  readonly cursor: Position | null;
  readonly jump: Jump | null;
  readonly reason: string | null;
  readonly model: string;
  readonly latencyMs: number;
}

/** What `zeta/status` and `zeta/didChangeStatus` say. */
export interface Status {
  readonly model: string;
  readonly latencyMs: number | null;
  readonly busy: boolean;
  readonly paused: boolean;
  readonly capture: boolean;
  readonly reason: string | null;
  readonly explanation: string | null;
}

/** An entry of `zeta.explain`, newest first. */
export interface Entry {
  readonly path: string;
  readonly time: number | string;
  readonly ending: string;
  readonly reason?: string;
  readonly explanation: string;
}

export function isBefore(one: Position, other: Position): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}

export function isSame(one: Position, other: Position): boolean {
  return one.line === other.line && one.character === other.character;
}

export function isEmpty(range: Range): boolean {
  return isSame(range.start, range.end);
}
