/**
 * What of ours is on the screen: at most one prediction, in the active editor.
 *
 * It knows the state of the text it was made for, so nothing stale is drawn or applied. The context
 * keys that decide about Tab, Escape and the others follow it.
 */

import { commands, type TextDocument, type TextEditor, window } from 'vscode';
import { type Drawing } from './drawing';
import { type Answer, isEmpty, type Position } from './pure/protocol';
import { isSameState, type State } from './pure/asker';
import { type Shape, shapeOf } from './pure/shape';
import { tabIsOurs } from './pure/tab';
import { drawsGhosts } from './settings';

export interface Shown {
  readonly answer: Answer;
  readonly shape: Shape;
  /** The text and the cursor that it was made for. */
  readonly state: State;
}

export class Screen {
  private shown: Shown | null = null;
  /** Where our own jump or accept put the cursor. */
  private arrival: State | null = null;
  private readonly keys = new Map<string, boolean>();

  constructor(private readonly drawing: Drawing) {}

  get current(): Shown | null {
    return this.shown;
  }

  /** Show an answer, unless text or cursor are others by now; null if nothing is shown. */
  show(answer: Answer | null, state: State): Shown | null {
    const editor = window.activeTextEditor;
    if (editor === undefined || answer === null || !isNow(editor, state)) {
      return null;
    }
    if (this.shown?.answer === answer && isSameText(this.shown.state, state)) {
      return this.shown;
    }
    const shape = shapeOf(answer, placeOf(editor, state));
    this.shown = shape === null ? null : { answer, shape, state };
    this.updateKeys(editor); // first: who sees it can take it
    this.drawing.draw(editor, this.shown);
    return this.shown;
  }

  /** Take everything off. */
  clear(): void {
    this.shown = null;
    this.drawing.erase();
    this.updateKeys(window.activeTextEditor);
  }

  /** The text changed: what we drew is about another one. Ghost text VS Code shortens by itself. */
  textChanged(): void {
    if (this.shown !== null && this.shown.shape.kind !== 'ghost') {
      this.clear();
    }
  }

  /** The cursor moved: a hint stands at its row, ghost text at its place. */
  cursorMoved(editor: TextEditor): void {
    if (this.shown?.shape.kind === 'jump' && editor.selection.active.line !== this.shown.state.position.line) {
      this.clear();
    } else {
      this.updateKeys(editor);
    }
  }

  /** We put the cursor there: Tab stays ours, wherever that is. */
  arrive(editor: TextEditor): void {
    this.arrival = stateOf(editor.document, editor.selection.active);
    this.updateKeys(editor);
  }

  /** What is shown, if it is still about this text. */
  fresh(editor: TextEditor): Shown | null {
    const shown = this.shown;
    return shown !== null && isSameText(shown.state, stateOf(editor.document, editor.selection.active))
      ? shown
      : null;
  }

  /** Whether Tab is ours with the cursor where it is. */
  takesTab(editor: TextEditor): boolean {
    const kind = this.shown?.shape.kind;
    if (kind !== 'diff' && kind !== 'jump') {
      return false;
    }
    const { active } = editor.selection;
    const state = stateOf(editor.document, active);
    const arrived = this.arrival !== null && isSameState(this.arrival, state);
    const line = editor.document.lineAt(active.line).text;
    const cursor = { row: active.line, column: active.character, line, arrived };
    return tabIsOurs(cursor, rowsOf(this.shown, state.uri));
  }

  private updateKeys(editor: TextEditor | undefined): void {
    const kind = this.shown?.shape.kind;
    this.set('zeta.shown', kind !== undefined);
    this.set('zeta.ghost', kind === 'ghost');
    this.set('zeta.partly', partOf(this.shown) !== null);
    this.set('zeta.tab', editor !== undefined && this.takesTab(editor));
  }

  private set(key: string, value: boolean): void {
    if (this.keys.get(key) !== value) {
      this.keys.set(key, value);
      void commands.executeCommand('setContext', key, value);
    }
  }
}

/** The state of a document with the cursor at a place. */
export function stateOf(document: TextDocument, position: Position): State {
  const { line, character } = position;
  return { uri: document.uri.toString(), version: document.version, position: { line, character } };
}

/** The one edit of a diff of which parts can be taken: text that only comes. */
export function partOf(shown: Shown | null): { at: Position; text: string } | null {
  const edit = shown?.shape.kind === 'diff' ? shown.shape.edits[0] : undefined;
  return edit !== undefined && isEmpty(edit.range) ? { at: edit.range.start, text: edit.newText } : null;
}

function rowsOf(shown: Shown | null, uri: string): [number, number] | null {
  if (shown?.shape.kind !== 'diff') {
    return null;
  }
  const ranges = shown.shape.edits.filter((edit) => edit.textDocument.uri === uri).map((edit) => edit.range);
  const rows = ranges.flatMap((range) => [range.start.line, range.end.line]);
  return rows.length === 0 ? null : [Math.min(...rows), Math.max(...rows)];
}

function placeOf(editor: TextEditor, state: State): Parameters<typeof shapeOf>[1] {
  const line = editor.document.lineAt(state.position.line).text;
  return { uri: state.uri, cursor: state.position, line, ghosts: drawsGhosts(editor.document) };
}

function isNow(editor: TextEditor, state: State): boolean {
  return isSameState(stateOf(editor.document, editor.selection.active), state);
}

function isSameText(one: State, other: State): boolean {
  return one.uri === other.uri && one.version === other.version;
}
