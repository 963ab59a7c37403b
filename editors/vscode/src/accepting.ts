/**
 * Takes predictions: the whole, a word, a line; goes to those that are out of sight; turns down.
 *
 * A prediction is one step of undo, and is only applied to the text that it was made for. The server
 * is told afterwards; what counts for it is the change itself.
 */

import {
  commands,
  Position,
  Range,
  Selection,
  type TextEditor,
  TextEditorRevealType,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import { type Loop } from './loop';
import { nextLine, nextWord } from './pure/parts';
import { type Edit, type Jump, type Position as Place, Trigger } from './pure/protocol';
import { partOf, type Screen, type Shown, stateOf } from './screen';
import { type Server } from './server';

const ONE_STEP = { undoStopBefore: true, undoStopAfter: true };

export class Accepting {
  constructor(
    private readonly screen: Screen,
    private readonly loop: Loop,
    private readonly server: Server,
  ) {}

  /** The Tab key: ours by what VS Code knew when it was pressed, which may be another by now. */
  async tab(): Promise<void> {
    const editor = window.activeTextEditor;
    if (editor !== undefined && this.screen.fresh(editor) !== null && this.screen.takesTab(editor)) {
      await this.accept();
    } else {
      await commands.executeCommand('tab');
    }
  }

  /** Take the whole of what is shown; of an edit out of sight, go there first. */
  async accept(): Promise<void> {
    const editor = window.activeTextEditor;
    const shown = editor === undefined ? null : this.screen.fresh(editor);
    if (editor === undefined || shown === null) {
      return;
    }
    switch (shown.shape.kind) {
      case 'ghost':
        await commands.executeCommand('editor.action.inlineSuggest.commit');
        break;
      case 'jump':
        await this.jump(shown.shape.to);
        break;
      case 'diff':
        if (await apply(editor, shown.shape.edits)) {
          await this.accepted(editor, shown);
        }
    }
  }

  /** VS Code inserted ghost text: place the cursor, confirm, go on. */
  async ghostAccepted(shown: Shown): Promise<void> {
    const editor = window.activeTextEditor;
    if (editor?.document.uri.toString() === shown.state.uri) {
      await this.accepted(editor, shown);
    }
  }

  async acceptWord(): Promise<void> {
    await this.acceptPart('editor.action.inlineSuggest.acceptNextWord', nextWord);
  }

  async acceptLine(): Promise<void> {
    await this.acceptPart('editor.action.inlineSuggest.acceptNextLine', nextLine);
  }

  /** Go to the edit that is out of sight. */
  async jump(to?: Jump): Promise<void> {
    const shape = this.screen.current?.shape;
    const goal = to ?? (shape?.kind === 'jump' ? shape.to : undefined);
    if (goal === undefined) {
      return;
    }
    const place = new Position(goal.position.line, goal.position.character);
    this.screen.clear();
    const uri = Uri.parse(goal.textDocument.uri);
    const editor = await window.showTextDocument(uri, { selection: new Range(place, place) });
    editor.revealRange(new Range(place, place), TextEditorRevealType.InCenterIfOutsideViewport);
    this.screen.arrive(editor);
    await this.loop.predict(editor, Trigger.Explicit);
  }

  /** Turn down what is shown: it is not proposed here again soon. */
  async reject(): Promise<void> {
    const shown = this.screen.current;
    this.loop.hide();
    await commands.executeCommand('editor.action.inlineSuggest.hide');
    if (shown !== null && shown.answer.id !== null) {
      await this.server.run('zeta.reject', { id: shown.answer.id });
    }
  }

  /** Take it out of sight, without a word on its worth. */
  async hide(): Promise<void> {
    this.loop.hide();
    await commands.executeCommand('editor.action.inlineSuggest.hide');
  }

  private async accepted(editor: TextEditor, { answer, state }: Shown): Promise<void> {
    const { cursor, id } = answer;
    if (cursor !== null && editor.document.version === state.version + 1) {
      moveTo(editor, cursor);
      this.screen.arrive(editor);
    }
    if (id !== null) {
      await this.server.run('zeta.accept', { id });
    }
    await this.loop.predict(editor, Trigger.Automatic);
  }

  private async acceptPart(native: string, cut: (text: string) => string): Promise<void> {
    const editor = window.activeTextEditor;
    const shown = editor === undefined ? null : this.screen.fresh(editor);
    const part = partOf(shown);
    if (editor === undefined || shown === null || part === null) {
      await commands.executeCommand(native);
      return;
    }
    const { at } = part;
    const text = cut(part.text);
    const place = new Position(at.line, at.character);
    if (await editor.edit((builder) => { builder.insert(place, text); }, ONE_STEP)) {
      this.screen.show(rest(shown, at, text), stateOf(editor.document, editor.selection.active));
    }
  }
}

/** What is left of a prediction once a part of its first edit is in the text. */
function rest(shown: Shown, at: Place, taken: string): Shown['answer'] {
  const [first, ...others] = shown.answer.edits;
  if (first === undefined || others.length > 0 || first.newText.length <= taken.length) {
    return { ...shown.answer, edits: [], cursor: null };
  }
  const lines = taken.split(/\r\n|\r|\n/);
  const last = lines.at(-1) ?? '';
  const character = lines.length === 1 ? at.character + last.length : last.length;
  const place = { line: at.line + lines.length - 1, character };
  const edit = { ...first, range: { start: place, end: place }, newText: first.newText.slice(taken.length) };
  return { ...shown.answer, edits: [edit] };
}

/** Apply edits as one step of undo; whether they are. */
async function apply(editor: TextEditor, edits: readonly Edit[]): Promise<boolean> {
  const uri = editor.document.uri.toString();
  if (edits.every((edit) => edit.textDocument.uri === uri)) {
    return editor.edit((builder) => {
      for (const edit of edits) {
        builder.replace(rangeOf(edit), edit.newText);
      }
    }, ONE_STEP);
  }
  const all = new WorkspaceEdit();
  for (const edit of edits) {
    all.replace(Uri.parse(edit.textDocument.uri), rangeOf(edit), edit.newText);
  }
  return workspace.applyEdit(all);
}

function moveTo(editor: TextEditor, { line, character }: Place): void {
  const place = new Position(line, character);
  editor.selection = new Selection(place, place);
  editor.revealRange(new Range(place, place), TextEditorRevealType.InCenterIfOutsideViewport);
}

function rangeOf({ range: { start, end } }: Edit): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
