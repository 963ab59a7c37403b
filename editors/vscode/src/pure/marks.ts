/**
 * Turns edits into what is drawn in the text: what goes, what comes, and a block of new lines.
 *
 * VS Code's stable API can colour text and put one line of foreign text before or behind it; it
 * cannot make room for new lines. So changes within a row are drawn in that row, and new lines are
 * drawn beside the rows around them, to the right of what stands there: no code moves or is covered.
 */

import { type Edit, isEmpty, type Position, type Range } from './protocol';

export type Mark =
  | { readonly kind: 'goes'; readonly range: Range }
  | { readonly kind: 'rowGoes'; readonly row: number }
  | { readonly kind: 'comes'; readonly at: Position; readonly text: string }
  | { readonly kind: 'beside'; readonly row: number; readonly gap: number; readonly text: string };

/** The text that the edits change, as far as it is needed to draw them. */
export interface Text {
  readonly rows: number;
  line(row: number): string;
}

/** How much is drawn and how wide a tab is; the rest is told in a line of its own. */
export interface Limits {
  readonly blockRows: number;
  readonly chars: number;
  readonly tabSize: number;
}

const GAP_COLUMNS = 4;

/** Marks of edits that do not overlap, in the order of the edits. */
export function marksOf(edits: readonly Edit[], text: Text, limits: Limits): Mark[] {
  return edits.flatMap((edit) => marksOfOne(edit, text, limits));
}

function marksOfOne(edit: Edit, text: Text, limits: Limits): Mark[] {
  const old = segments(edit.range, text);
  const fresh = edit.newText.split(/\r\n|\r|\n/);
  if (old.length === fresh.length) {
    return old.flatMap((segment, index) => rowMarks(segment, fresh[index] ?? '', limits));
  }
  return [...gone(edit, old, text), ...block(edit, fresh, text, limits)];
}

interface Segment {
  readonly row: number;
  readonly column: number;
  readonly text: string;
}

/** The part of each row that a range covers. */
function segments(range: Range, text: Text): Segment[] {
  const found: Segment[] = [];
  for (let row = range.start.line; row <= range.end.line; row++) {
    const column = row === range.start.line ? range.start.character : 0;
    const line = row < text.rows ? text.line(row) : '';
    const end = row === range.end.line ? range.end.character : line.length;
    found.push({ row, column, text: line.slice(column, end) });
  }
  return found;
}

/** A part of a row and what replaces it: only where they differ. */
function rowMarks(old: Segment, fresh: string, limits: Limits): Mark[] {
  const head = commonHead(old.text, fresh);
  const tail = commonTail(old.text.slice(head), fresh.slice(head));
  const from = old.column + head;
  const to = old.column + old.text.length - tail;
  const comes = fresh.slice(head, fresh.length - tail);
  const marks: Mark[] = [];
  if (to > from) {
    marks.push({ kind: 'goes', range: within(old.row, from, to) });
  }
  if (comes !== '') {
    marks.push({ kind: 'comes', at: { line: old.row, character: to }, text: cut(comes, limits.chars) });
  }
  return marks;
}

/** What is struck out, row by row; rows that go as a whole are marked as a whole. */
function gone(edit: Edit, old: readonly Segment[], text: Text): Mark[] {
  if (isEmpty(edit.range)) {
    return [];
  }
  return old.flatMap((segment, index): Mark[] => {
    const whole = segment.row < text.rows && segment.text === text.line(segment.row);
    if (whole && index < old.length - 1) {
      return [{ kind: 'rowGoes', row: segment.row }];
    }
    const { row, column } = segment;
    const range = within(row, column, column + segment.text.length);
    return segment.text === '' ? [] : [{ kind: 'goes', range }];
  });
}

/** New lines, drawn beside the rows that are there. */
function block(edit: Edit, fresh: readonly string[], text: Text, limits: Limits): Mark[] {
  const lines = newLines(edit, fresh, text);
  if (lines.length === 0) {
    return [];
  }
  const shown = lines.slice(0, limits.blockRows);
  if (lines.length > shown.length) {
    const hidden = lines.length - shown.length + 1;
    shown.splice(-1, 1, `… ${String(hidden)} more lines`);
  }
  const first = Math.max(0, Math.min(edit.range.start.line, text.rows - shown.length));
  const rows = shown.slice(0, text.rows - first).map((_, index) => first + index);
  const widths = rows.map((row) => columnsOf(text.line(row), limits.tabSize));
  const column = Math.max(...widths) + GAP_COLUMNS;
  return rows.map((row, index) => ({
    kind: 'beside',
    row,
    gap: column - (widths[index] ?? 0),
    text: cut(expanded(shown[index] ?? '', limits.tabSize), limits.chars),
  }));
}

/** The rows that are new once an edit is applied, whole. */
function newLines(edit: Edit, fresh: readonly string[], text: Text): string[] {
  const { start, end } = edit.range;
  const head = start.line < text.rows ? text.line(start.line).slice(0, start.character) : '';
  const tail = end.line < text.rows ? text.line(end.line).slice(end.character) : '';
  const lines = (head + fresh.join('\n') + tail).split('\n');
  if (isEmpty(edit.range)) {
    const here = head + tail;
    return lines[0] === here ? lines.slice(1) : lines.at(-1) === here ? lines.slice(0, -1) : lines;
  }
  if (edit.newText === '') {
    return [];
  }
  return end.character === 0 && fresh.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function within(row: number, from: number, to: number): Range {
  return { start: { line: row, character: from }, end: { line: row, character: to } };
}

/** How many code units two texts share at their begin, never half a character. */
function commonHead(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && one[count] === other[count]) {
    count++;
  }
  return isHighSurrogate(one, count - 1) ? count - 1 : count;
}

/** How many code units two texts share at their end, never half a character. */
function commonTail(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && one.at(-1 - count) === other.at(-1 - count)) {
    count++;
  }
  return isLowSurrogate(one, one.length - count) ? count - 1 : count;
}

function isHighSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}

/** How many columns of a fixed-width font a line takes; wide characters take two. */
export function columnsOf(line: string, tabSize: number): number {
  let columns = 0;
  for (const char of line) {
    columns += char === '\t' ? tabSize - (columns % tabSize) : isWide(char) ? 2 : 1;
  }
  return columns;
}

function isWide(char: string): boolean {
  return /[\p{Extended_Pictographic}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(char);
}

function expanded(line: string, tabSize: number): string {
  let text = '';
  for (const char of line) {
    text += char === '\t' ? ' '.repeat(tabSize - (columnsOf(text, tabSize) % tabSize)) : char;
  }
  return text;
}

function cut(text: string, most: number): string {
  const chars = Array.from(text); // a character that is cut in two would be drawn as none
  return chars.length <= most ? text : `${chars.slice(0, most - 1).join('')}…`;
}
