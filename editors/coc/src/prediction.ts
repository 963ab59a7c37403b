/**
 * What the server proposes, and how it is to be shown. Pure.
 *
 * Columns are UTF-16 units throughout, which is what JavaScript's strings count in too.
 */
import type { NextEditItem, Position, Range, TextEdit } from 'coc.nvim'

/** The result of `zeta/nextEdit`. */
export interface Reply {
  id: string | null
  edits: { textDocument: { uri: string; version: number }; range: Range; newText: string }[]
  cursor: Position | null
  jump: { textDocument: { uri: string }; position: Position } | null
  reason: string | null
}

/** A reply that proposes something for one version of a document. */
export interface Prediction {
  id: string
  uri: string
  version: number
  edits: TextEdit[]
  cursor: Position | null
  jump: { uri: string; position: Position } | null
}

/** What a reply proposes for the document that it was asked about, or null. */
export function read(reply: Reply, uri: string, version: number): Prediction | null {
  if (reply.id === null || (reply.edits.length === 0 && reply.jump === null)) return null
  const edits = reply.edits
    .filter((edit) => edit.textDocument.uri === uri)
    .map(({ range, newText }) => ({ range, newText }))
  const jump = reply.jump && { uri: reply.jump.textDocument.uri, position: reply.jump.position }
  return { id: reply.id, uri, version, edits, cursor: reply.cursor, jump }
}

/** The text that comes in at a place, if that is all that a prediction does; else null. */
export function ghost(prediction: Prediction, position: Position): string | null {
  const [edit, ...others] = prediction.edits
  if (!edit || others.length > 0 || prediction.jump) return null
  return isSame(edit.range.start, position) && isSame(edit.range.end, position)
    ? edit.newText
    : null
}

/**
 * The edits as one candidate, for coc takes each as an alternative to the others: they and what lies
 * between them. `textIn` gives a range of the document. Null if there is nothing to do here.
 */
export function candidate(
  prediction: Prediction,
  textIn: (range: Range) => string,
): NextEditItem | null {
  const first = prediction.edits[0]
  if (!first) return null
  let newText = first.newText
  let end = first.range.end
  for (const edit of prediction.edits.slice(1)) {
    newText += textIn({ start: end, end: edit.range.start }) + edit.newText
    end = edit.range.end
  }
  const { uri, version, id } = prediction
  return {
    textDocument: { uri, version },
    range: { start: first.range.start, end },
    newText,
    command: { title: 'Accept prediction', command: 'zeta.accept', arguments: [{ id }] },
  }
}

/** A word with the blanks in front of it, as `docs/clients.md` has it. */
export function firstWord(text: string): string {
  return /^\s*(?:[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]+)|^\s+/u.exec(text)?.[0] ?? text
}

/** A line with its line end, or all of the text if it has one line. */
export function firstLine(text: string): string {
  return /^[^\r\n]*(?:\r\n|\n|\r)?/.exec(text)?.[0] ?? text
}

/** Where a text ends that is inserted at a place. */
export function endOf(start: Position, text: string): Position {
  const lines = text.split(/\r\n|\n|\r/)
  const last = lines[lines.length - 1] ?? ''
  return lines.length === 1
    ? { line: start.line, character: start.character + last.length }
    : { line: start.line + lines.length - 1, character: last.length }
}

export function isSame(a: Position, b: Position): boolean {
  return a.line === b.line && a.character === b.character
}
