/**
 * Decides how an answer is shown: as ghost text, as a diff in place, or as a hint that leads there.
 *
 * Ghost text is VS Code's own, which draws nothing but text that is inserted on the cursor's line,
 * at the cursor or behind it. Whatever else an answer holds is ours to draw.
 */

import { type Answer, type Edit, isEmpty, type Jump, type Position, type Range } from './protocol';

export interface Ghost {
  readonly kind: 'ghost';
  /** From the cursor to the last insertion; VS Code wants the cursor in it. */
  readonly range: Range;
  /** What stands in the range afterwards. */
  readonly text: string;
}

export interface Diff {
  readonly kind: 'diff';
  readonly edits: readonly Edit[];
}

export interface Away {
  readonly kind: 'jump';
  readonly to: Jump;
}

export type Shape = Ghost | Diff | Away;

/** Where a question was asked, and what VS Code can show there. */
export interface Place {
  readonly uri: string;
  readonly cursor: Position;
  /** The text of the cursor's line. */
  readonly line: string;
  /** Whether the person lets VS Code draw ghost text at all. */
  readonly ghosts: boolean;
}

/** The shape of an answer, or null if there is nothing to show. */
export function shapeOf(answer: Answer, place: Place): Shape | null {
  if (answer.jump !== null) {
    return { kind: 'jump', to: answer.jump };
  }
  if (answer.edits.length === 0) {
    return null;
  }
  return (place.ghosts ? ghostOf(answer.edits, place) : null) ?? { kind: 'diff', edits: answer.edits };
}

function ghostOf(edits: readonly Edit[], place: Place): Ghost | null {
  if (!edits.every((edit) => isBehindCursor(edit, place))) {
    return null;
  }
  const { cursor, line } = place;
  let text = '';
  let column = cursor.character;
  for (const edit of inOrder(edits)) {
    text += line.slice(column, edit.range.start.character) + edit.newText;
    column = edit.range.start.character;
  }
  const end = { line: cursor.line, character: column };
  return { kind: 'ghost', range: { start: cursor, end }, text };
}

function isBehindCursor(edit: Edit, place: Place): boolean {
  const { start } = edit.range;
  return (
    edit.textDocument.uri === place.uri &&
    isEmpty(edit.range) &&
    start.line === place.cursor.line &&
    start.character >= place.cursor.character
  );
}

/** Edits from the top of the text to its end. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort(
    ({ range: { start: one } }, { range: { start: other } }) =>
      one.line - other.line || one.character - other.character,
  );
}
