/**
 * Draws what coc itself draws nowhere: an edit that is not at the cursor, and the hint that one is
 * out of sight. `b:zeta_shown` says so to mappings.
 */
import { workspace, type Buffer, type Document, type Range, type TextEdit } from 'coc.nvim'
import type { Prediction } from './prediction'

const OLD = 'ZetaOld'
const NEW = 'ZetaNew'
const HINT = 'ZetaHint'
/** How they look unless a colour scheme says otherwise. */
const LOOKS = [
  `${OLD} ctermfg=217 ctermbg=52 cterm=strikethrough guifg=#ffafaf guibg=#5a2327 gui=strikethrough`,
  `${NEW} ctermfg=120 ctermbg=22 guifg=#afffaf guibg=#1f4a2c`,
  `${HINT} ctermfg=234 ctermbg=110 guifg=#1c1c1c guibg=#87afd7`,
]

export class Screen {
  /** What is drawn now. */
  shown: Prediction | null = null
  private namespace = 0
  private buffer: Buffer | null = null

  async start(): Promise<void> {
    this.namespace = await workspace.nvim.createNamespace('zeta')
    for (const look of LOOKS) workspace.nvim.command(`highlight default ${look}`, true)
  }

  /** Draw a prediction in place of what is drawn; `line` is the cursor's. */
  draw(prediction: Prediction, document: Document, line: number): void {
    this.clear()
    this.shown = prediction
    this.buffer = document.buffer
    if (prediction.jump) this.drawHint(prediction.jump.uri, prediction.jump.position.line, line)
    else for (const edit of prediction.edits) this.drawEdit(edit, document)
    this.buffer.setVar('zeta_shown', 1, true)
    workspace.nvim.redrawVim()
  }

  clear(): void {
    this.shown = null
    if (!this.buffer) return
    this.buffer.clearNamespace(this.namespace)
    this.buffer.setVar('zeta_shown', 0, true)
    this.buffer = null
    workspace.nvim.redrawVim()
  }

  private drawHint(uri: string, row: number, line: number): void {
    const isHere = uri === this.shown?.uri
    const place = isHere ? `line ${row + 1}` : `${decodeURIComponent(uri.replace(/.*\//, ''))}:${row + 1}`
    this.virtual(line, ` next edit: ${place} `, HINT, { text_align: 'after' })
  }

  /** What goes is marked; what comes stands behind it if both are within a line, else below it. */
  private drawEdit({ range, newText }: TextEdit, document: Document): void {
    if (!isSame(range)) this.buffer?.highlightRanges(this.namespace, OLD, [range])
    const lines = newText.split(/\r\n|\n|\r/)
    const first = document.getline(range.start.line)
    if (range.start.line === range.end.line && lines.length === 1) {
      const before = document.getline(range.end.line).slice(0, range.end.character)
      if (newText) this.virtual(range.end.line, newText, NEW, { col: bytes(before) + 1 })
      return
    }
    const [row, whole] = wholeLines(range, lines, first, document.getline(range.end.line))
    const text_align = row < 0 ? 'above' : 'below'
    for (const text of whole) this.virtual(Math.max(row, 0), text || ' ', NEW, { text_align })
  }

  private virtual(line: number, text: string, group: string, options: object): void {
    const blanks = text.replace(/\t/g, '    ')
    this.buffer?.setVirtualText(this.namespace, line, [[blanks, group]], options)
  }
}

/** The new lines in full, and the last row of the old ones (of the line above if none is old). */
function wholeLines(
  range: Range,
  lines: string[],
  first: string,
  last: string,
): [row: number, lines: string[]] {
  const tail = last.slice(range.end.character)
  const end = lines.length - 1
  if (range.start.character === first.length && lines[0] === '') {
    return [range.end.line, [...lines.slice(1, end), lines[end] + tail]]
  }
  const head = first.slice(0, range.start.character)
  if (range.end.character === 0 && lines[end] === '') {
    return [range.end.line - 1, [head + lines[0], ...lines.slice(1, end)].slice(0, end)]
  }
  const middle = end === 0 ? [head + lines[0] + tail] : [head + lines[0], ...lines.slice(1, end)]
  return [range.end.line, end === 0 ? middle : [...middle, lines[end] + tail]]
}

function isSame({ start, end }: Range): boolean {
  return start.line === end.line && start.character === end.character
}

function bytes(text: string): number {
  return globalThis.Buffer.byteLength(text)
}
