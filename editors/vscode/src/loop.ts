/**
 * When to ask, and what becomes of the answer.
 *
 * Every change of the text asks at once; the server paces requests, so nothing is held back here. A
 * cursor that moved without a change asks when it has rested. An answer that is ghost text is handed
 * to VS Code when that comes for it, and VS Code is told if it would not come by itself.
 */

import {
  commands,
  Disposable,
  type TextDocument,
  type TextDocumentChangeEvent,
  type TextDocumentContentChangeEvent,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import { Asker, isSameState, type Send, type State } from './pure/asker';
import { type Answer, isSame, type Position, Trigger } from './pure/protocol';
import { type Screen, type Shown, stateOf } from './screen';

const REST_MS = 150;
/** A change that moves the cursor is told before the move; a few do not move it. */
const CURSOR_FOLLOWS_MS = 100;
/** VS Code comes for ghost text 50 ms after a key. */
const GHOST_COMES_MS = 100;
/** Explicit, or VS Code keeps the answer that it got for this text before. */
const OURS_ONLY = { explicit: true, providerId: 'zeta-lsp.zeta-lsp:*' };

export class Loop {
  private readonly asker: Asker;
  private readonly heard: Disposable;
  private timer: NodeJS.Timeout | undefined;
  private changed = false;
  private delivered: Answer | null = null;
  /** What VS Code is told to come for. */
  private offered: Shown | null = null;
  /** The text of which the person wants to see no prediction. */
  private hidden: State | null = null;

  constructor(
    private readonly screen: Screen,
    send: Send,
  ) {
    this.asker = new Asker(send);
    this.heard = Disposable.from(
      workspace.onDidChangeTextDocument((event) => {
        this.textChanged(event);
      }),
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        this.cursorMoved(textEditor);
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        this.editorChanged(editor);
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.heard.dispose();
  }

  /** Ask about a place in the active editor, and show what comes; null if nothing is shown. */
  async ask(document: TextDocument, position: Position, trigger: Trigger): Promise<Shown | null> {
    const state = stateOf(document, position);
    if (trigger === Trigger.Automatic && this.isHidden(state)) {
      return null;
    }
    this.hidden = null;
    return this.screen.show(await this.asker.ask(state, trigger), state);
  }

  /** Ask about the cursor, and see to it that ghost text gets drawn; what is shown. */
  async predict(editor: TextEditor, trigger: Trigger, patience_ms = 0): Promise<Shown | null> {
    if (editor.selections.length > 1) {
      return null;
    }
    const shown = await this.ask(editor.document, editor.selection.active, trigger);
    if (shown?.shape.kind === 'ghost') {
      setTimeout(() => void this.deliver(shown), patience_ms);
    }
    return shown;
  }

  /** VS Code comes for ghost text at a place: what it was told to come for, or what there is. */
  async ghost(document: TextDocument, position: Position, trigger: Trigger): Promise<Shown | null> {
    const offered = this.offered;
    if (offered !== null && isSameState(offered.state, stateOf(document, position))) {
      return offered;
    }
    // It comes for us and not for a person, though somebody may have typed on meanwhile.
    const shown = await this.ask(document, position, offered === null ? trigger : Trigger.Automatic);
    return shown?.shape.kind === 'ghost' ? shown : null;
  }

  /** VS Code took this ghost text. */
  handedOver(shown: Shown): void {
    this.delivered = shown.answer;
  }

  /** What was shown was turned down, or the server is another one: ask anew next time. */
  forget(): void {
    this.asker.forget();
    this.screen.clear();
  }

  /** There is a server again: ask where the person is. */
  resume(): void {
    this.editorChanged(window.activeTextEditor);
  }

  /** Show nothing until the text changes, and tell nobody. */
  hide(): void {
    const editor = window.activeTextEditor;
    this.hidden = editor === undefined ? null : stateOf(editor.document, editor.selection.active);
    this.forget();
  }

  private async deliver(shown: Shown): Promise<void> {
    if (this.delivered !== shown.answer && this.screen.current === shown) {
      this.offered = shown;
      await commands.executeCommand('editor.action.inlineSuggest.trigger', OURS_ONLY);
      this.offered = null;
    }
  }

  private isHidden(state: State): boolean {
    return this.hidden?.uri === state.uri && this.hidden.version === state.version;
  }

  private textChanged({ document, contentChanges }: TextDocumentChangeEvent): void {
    const editor = window.activeTextEditor;
    if (document !== editor?.document || contentChanges.length === 0) {
      return; // another document, or it was only saved
    }
    this.screen.textChanged();
    this.changed = true;
    const isForwards = contentChanges.every((one) => deletesForwards(one, editor.selection.active));
    this.after(isForwards ? 0 : CURSOR_FOLLOWS_MS, editor, GHOST_COMES_MS);
  }

  private cursorMoved(editor: TextEditor): void {
    if (editor !== window.activeTextEditor) {
      return;
    }
    this.screen.cursorMoved(editor);
    if (this.changed) {
      clearTimeout(this.timer);
      this.now(editor, GHOST_COMES_MS);
    } else {
      this.after(REST_MS, editor, 0);
    }
  }

  private editorChanged(editor: TextEditor | undefined): void {
    this.screen.clear();
    this.changed = false;
    if (editor !== undefined) {
      this.after(REST_MS, editor, 0);
    }
  }

  private after(wait_ms: number, editor: TextEditor, patience_ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.now(editor, patience_ms);
    }, wait_ms);
  }

  private now(editor: TextEditor, patience_ms: number): void {
    this.changed = false;
    if (editor === window.activeTextEditor && isWatched(editor.document)) {
      void this.predict(editor, Trigger.Automatic, patience_ms);
    }
  }
}

/** Whether a change leaves the cursor where it is, so that nothing more is to come. */
function deletesForwards({ range, text }: TextDocumentContentChangeEvent, cursor: Position): boolean {
  return text === '' && isSame(range.start, cursor);
}

/** Whether the server knows the document. */
function isWatched(document: TextDocument): boolean {
  return document.uri.scheme === 'file' || document.uri.scheme === 'untitled';
}
