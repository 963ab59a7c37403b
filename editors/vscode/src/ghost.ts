/** Hands ghost text to VS Code, which draws it, shortens it while it is typed, and accepts it. */

import {
  InlineCompletionItem,
  type InlineCompletionItemProvider,
  InlineCompletionTriggerKind,
  type InlineCompletionContext,
  type CancellationToken,
  type Position,
  Range,
  type TextDocument,
  window,
} from 'vscode';
import { type Loop } from './loop';
import { Trigger } from './pure/protocol';

export const GHOST_ACCEPTED = 'zeta.ghostAccepted';

export class GhostText implements InlineCompletionItemProvider {
  constructor(private readonly loop: Loop) {}

  async provideInlineCompletionItems(
    document: TextDocument,
    position: Position,
    context: InlineCompletionContext,
    token: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    const editor = window.activeTextEditor;
    if (editor?.document !== document || editor.selections.length > 1) {
      return [];
    }
    const isAsked = context.triggerKind === InlineCompletionTriggerKind.Invoke;
    const trigger = isAsked ? Trigger.Explicit : Trigger.Automatic;
    const shown = await this.loop.ghost(document, position, trigger);
    if (token.isCancellationRequested || shown?.shape.kind !== 'ghost') {
      return [];
    }
    this.loop.handedOver(shown);
    const { range, text } = shown.shape;
    const { start, end } = range;
    const where = new Range(start.line, start.character, end.line, end.character);
    const command = { title: 'Accept prediction', command: GHOST_ACCEPTED, arguments: [shown] };
    return [new InlineCompletionItem(text, where, command)];
  }
}
