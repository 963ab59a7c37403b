/**
 * Draws diffs, hints and marks with decorations: the part of VS Code's API that is stable.
 *
 * What comes is text before or behind a place in a row, with blanks that do not collapse; it is not
 * in the document and cannot be saved. A hover over any of it shows the whole change.
 */

import {
  type DecorationOptions,
  type DecorationRenderOptions,
  DecorationRangeBehavior,
  MarkdownString,
  OverviewRulerLane,
  Position,
  Range,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
} from 'vscode';
import { type Mark, marksOf, type Text } from './pure/marks';
import { type Position as Place, type Range as Span } from './pure/protocol';
import { type Away, type Diff } from './pure/shape';
import { diffText, hintOf } from './pure/wording';
import { type Shown } from './screen';
import { blockRows } from './settings';

const COMMANDS = ['zeta.accept', 'zeta.reject', 'zeta.hide'];
const ACTIONS = '[Accept](command:zeta.accept) · [Reject](command:zeta.reject) · [Hide](command:zeta.hide)';
const CHARS = 160;
const RULER = { overviewRulerLane: OverviewRulerLane.Center } as const;
const GHOST = new ThemeColor('editorGhostText.foreground');
const TEXT = new ThemeColor('editor.foreground');
const COMES = new ThemeColor('diffEditor.insertedTextBackground');
const GOES = new ThemeColor('diffEditor.removedTextBackground');
const RULER_COLOR = new ThemeColor('editorOverviewRuler.modifiedForeground');

const STYLES = {
  goes: { ...RULER, backgroundColor: GOES, textDecoration: 'line-through' },
  rowGoes: { ...RULER, backgroundColor: GOES, textDecoration: 'line-through', isWholeLine: true },
  comes: { ...RULER },
  beside: {},
  hint: {},
  target: { ...RULER, isWholeLine: true, backgroundColor: new ThemeColor('editor.rangeHighlightBackground') },
} as const satisfies Record<string, DecorationRenderOptions>;
type Style = keyof typeof STYLES;
const NAMES = Object.keys(STYLES) as Style[];

export class Drawing {
  private readonly types = Object.fromEntries(
    NAMES.map((name) => [name, typeOf(STYLES[name])]),
  ) as Readonly<Record<Style, TextEditorDecorationType>>;
  private drawnIn: TextEditor | null = null;

  dispose(): void {
    for (const type of Object.values(this.types)) {
      type.dispose();
    }
  }

  /** Draw what is shown, and nothing else. Ghost text is VS Code's to draw. */
  draw(editor: TextEditor, shown: Shown | null): void {
    this.erase();
    if (shown === null || shown.shape.kind === 'ghost') {
      return;
    }
    const found = shown.shape.kind === 'diff' ? diff(editor, shown.shape) : hint(editor, shown.shape, shown);
    for (const name of NAMES) {
      editor.setDecorations(this.types[name], found[name] ?? []);
    }
    this.drawnIn = editor;
  }

  erase(): void {
    for (const name of this.drawnIn === null ? [] : NAMES) {
      this.drawnIn?.setDecorations(this.types[name], []);
    }
    this.drawnIn = null;
  }
}

type Drawn = Partial<Record<Style, DecorationOptions[]>>;

function diff(editor: TextEditor, { edits }: Diff): Drawn {
  const uri = editor.document.uri.toString();
  const here = edits.filter((edit) => edit.textDocument.uri === uri);
  const text = textOf(editor.document);
  const tab = editor.options.tabSize;
  const limits = { blockRows: blockRows(), chars: CHARS, tabSize: typeof tab === 'number' ? tab : 4 };
  const hover = hoverOf(diffText(here, text));
  const drawn: Record<Mark['kind'], DecorationOptions[]> = { goes: [], rowGoes: [], comes: [], beside: [] };
  for (const mark of marksOf(here, text, limits)) {
    drawn[mark.kind].push({ ...decoration(mark, text), hoverMessage: hover });
  }
  return drawn;
}

function decoration(mark: Mark, text: Text): DecorationOptions {
  switch (mark.kind) {
    case 'goes':
      return { range: rangeOf(mark.range) };
    case 'rowGoes':
      return { range: new Range(mark.row, 0, mark.row, text.line(mark.row).length) };
    case 'comes':
      return { range: at(mark.at), renderOptions: { after: attachment(mark.text) } };
    case 'beside': {
      const margin = `0 0 0 ${String(mark.gap)}ch`;
      const after = { ...attachment(`+ ${mark.text}`), margin };
      return { range: at({ line: mark.row, character: text.line(mark.row).length }), renderOptions: { after } };
    }
  }
}

function hint(editor: TextEditor, { to }: Away, { state, answer }: Shown): Drawn {
  const row = state.position.line;
  const end = { line: row, character: editor.document.lineAt(row).text.length };
  const contentText = solid(`⇥ ${hintOf(to, state.uri)}`);
  const after = { contentText, color: GHOST, margin: '0 0 0 3ch', fontStyle: 'italic' };
  const drawn: Drawn = { hint: [{ range: at(end), renderOptions: { after } }] };
  if (to.textDocument.uri !== state.uri || to.position.line >= editor.document.lineCount) {
    return drawn;
  }
  const hoverMessage = hoverOf(diffText(answer.edits, textOf(editor.document)));
  return { ...drawn, target: [{ range: at(to.position), hoverMessage }] };
}

function attachment(text: string): { contentText: string; color: ThemeColor; backgroundColor: ThemeColor } {
  return { contentText: solid(text), color: TEXT, backgroundColor: COMES };
}

/** Blanks at the ends of drawn text would collapse. */
function solid(text: string): string {
  return text.replace(/[ \t]/g, '\u00a0');
}

function hoverOf(change: string): MarkdownString {
  const hover = new MarkdownString();
  hover.isTrusted = { enabledCommands: COMMANDS };
  if (change !== '') {
    hover.appendCodeblock(change, 'diff');
  }
  return hover.appendMarkdown(ACTIONS);
}

function typeOf(style: DecorationRenderOptions): TextEditorDecorationType {
  return window.createTextEditorDecorationType({
    ...style,
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
    overviewRulerColor: RULER_COLOR,
  });
}

function textOf(document: TextDocument): Text {
  return { rows: document.lineCount, line: (row) => document.lineAt(row).text };
}

function at(place: Place): Range {
  const position = new Position(place.line, place.character);
  return new Range(position, position);
}

function rangeOf({ start, end }: Span): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
