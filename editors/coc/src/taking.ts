/**
 * What a person does with a prediction: take all of it or a part, go to it, turn it down, hide it.
 */
import {
  commands,
  window,
  workspace,
  type LanguageClient,
  type Position,
  type TextEdit,
} from 'coc.nvim'
import type { Asking } from './asking'
import { endOf, firstLine, firstWord, isSame, type Prediction } from './prediction'
import type { Screen } from './screen'
import type { Views } from './views'

export class Taking {
  constructor(
    private readonly client: LanguageClient,
    private readonly asking: Asking,
    private readonly screen: Screen,
    private readonly views: Views,
  ) {}

  /** Take all of what is shown; what is out of sight is gone to first. */
  async all(): Promise<void> {
    const inline = await this.visibleGhost()
    const shown = inline?.prediction ?? this.screen.shown
    if (!shown) return
    if (shown.jump) return this.jump()
    await this.apply(shown.edits, shown.cursor)
    await this.execute('zeta.accept', shown)
  }

  /** Take a part of the ghost text; of anything else, all. */
  async part(cut: (text: string) => string): Promise<void> {
    const inline = await this.visibleGhost()
    if (!inline) return this.all()
    const text = cut(inline.text)
    const { position } = inline
    await this.apply([{ range: { start: position, end: position }, newText: text }], endOf(position, text))
  }

  word(): Promise<void> {
    return this.part(firstWord)
  }

  line(): Promise<void> {
    return this.part(firstLine)
  }

  /** Go to the edit that is out of sight, and ask there. */
  async jump(): Promise<void> {
    const place = this.screen.shown?.jump
    if (!place) return
    this.clear()
    await workspace.jumpTo(place.uri, place.position)
    await workspace.document // it is attached
    await this.ask()
  }

  /** Turn down what is shown. */
  async reject(): Promise<void> {
    const shown = (await this.visibleGhost())?.prediction ?? this.screen.shown
    this.clear()
    if (shown) await this.execute('zeta.reject', shown)
  }

  /** Take it off the screen without a word on its worth. */
  hide(): void {
    this.clear()
  }

  /** Ask because the person wants to. */
  async ask(): Promise<void> {
    this.views.isInvoked = true
    if ((await workspace.nvim.call('mode')) === 'i') {
      const options = { autoTrigger: false, silent: true }
      await commands.executeCommand('editor.action.triggerInlineCompletion', options)
    }
    if (!(await this.visibleGhost())) await commands.executeCommand('editor.action.triggerNextEdit')
  }

  /**
   * The ghost text, if it belongs to the text and the cursor as they are. coc takes it off the screen
   * when a key is mapped, so what is visible does not tell.
   */
  private async visibleGhost(): Promise<Views['ghost']> {
    const given = this.views.ghost
    if (!given) return null
    const { uri, version } = await workspace.document
    const isHere = given.prediction.uri === uri && given.prediction.version === version
    return isHere && isSame(given.position, await window.getCursorPosition()) ? given : null
  }

  /** Change the text in a step of undo of its own. */
  private async apply(edits: TextEdit[], cursor: Position | null): Promise<void> {
    this.clear()
    const document = await workspace.document
    await workspace.nvim.command('let &undolevels = &undolevels') // begins such a step
    await document.applyEdits(edits, false, false)
    if (cursor) await window.moveTo(cursor)
  }

  private clear(): void {
    this.screen.clear()
    this.views.ghost = null
    this.asking.forget()
    workspace.nvim.call('coc#inline#cancel', [], true)
    workspace.nvim.call('coc#nextedit#cancel', [], true)
  }

  private async execute(command: string, { id }: Prediction): Promise<void> {
    await this.client.sendRequest('workspace/executeCommand', { command, arguments: [{ id }] })
  }
}
