/**
 * A prediction as coc takes it: ghost text at the cursor while somebody inserts, else a next edit.
 */
import {
  events,
  workspace,
  type CancellationToken,
  type InlineCompletionItem,
  type NextEditItem,
  type Position,
  type TextDocument,
} from 'coc.nvim'
import { AUTOMATIC, INVOKED, type Asking } from './asking'
import { candidate, ghost, type Prediction } from './prediction'
import type { Screen } from './screen'

export class Views {
  /** The ghost text that coc was given last, for taking a part of it. */
  ghost: { prediction: Prediction; text: string; position: Position } | null = null
  /** The next question is a person's. */
  isInvoked = false

  constructor(
    private readonly asking: Asking,
    private readonly screen: Screen,
  ) {}

  /** For coc's inline completion: one item, or none. */
  async inline(document: TextDocument, position: Position): Promise<InlineCompletionItem[]> {
    const prediction = await this.ask(document, position)
    const text = prediction && ghost(prediction, position)
    if (!prediction || text === null) {
      this.ghost = null
      // Where keys come fast, coc may leave behind what it drew for an earlier one.
      workspace.nvim.call('coc#inline#clear', [], true)
      if (prediction) this.draw(prediction, document, position)
      return []
    }
    this.screen.clear()
    this.ghost = { prediction, text, position }
    const { id } = prediction
    return [
      {
        insertText: text,
        range: { start: position, end: position },
        command: { title: 'Accept prediction', command: 'zeta.accept', arguments: [{ id }] },
      },
    ]
  }

  /** For coc's next edits: one candidate, or none where it is shown as ghost text. */
  async nextEdits(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<NextEditItem[]> {
    const prediction = await this.ask(document, position)
    if (token.isCancellationRequested) return []
    if (!prediction) {
      if (workspace.getDocument(document.uri)?.version === document.version) this.screen.clear()
      return []
    }
    if (events.insertMode && ghost(prediction, position) !== null) return []
    this.draw(prediction, document, position)
    const item = candidate(prediction, (range) => document.getText(range))
    return item ? [item] : []
  }

  private ask(document: TextDocument, position: Position): Promise<Prediction | null> {
    const kind = this.isInvoked ? INVOKED : AUTOMATIC
    this.isInvoked = false
    return this.asking.ask(document.uri, document.version, position, kind)
  }

  /** Draw it, unless the text is another one by now. */
  private draw(prediction: Prediction, document: TextDocument, position: Position): void {
    const known = workspace.getDocument(document.uri)
    if (known?.version === prediction.version) {
      this.screen.draw(prediction, known, position.line)
    }
  }
}
