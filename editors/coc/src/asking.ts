/**
 * Asks the server, once for each place of each version: coc asks for ghost text and for next edits
 * one after the other, and one prediction answers both.
 */
import { CancellationTokenSource, type LanguageClient, type Position } from 'coc.nvim'
import { read, type Prediction, type Reply } from './prediction'

export const INVOKED = 1
export const AUTOMATIC = 2

interface Question {
  uri: string
  version: number
  position: Position
  answer: Promise<Prediction | null>
  source: CancellationTokenSource
}

export class Asking {
  private last: Question | undefined

  constructor(private readonly client: LanguageClient) {}

  /** The prediction for a place; null if there is none, or if another place was asked about since. */
  ask(uri: string, version: number, position: Position, kind: number): Promise<Prediction | null> {
    const last = this.last
    if (kind === AUTOMATIC && last && isAbout(last, uri, version, position)) return last.answer
    last?.source.cancel()
    const source = new CancellationTokenSource()
    const answer = this.send(uri, version, position, kind, source)
    this.last = { uri, version, position, answer, source }
    return answer
  }

  /** Ask again even about the same place: the person did something with what was answered. */
  forget(): void {
    this.last = undefined
  }

  private async send(
    uri: string,
    version: number,
    position: Position,
    kind: number,
    source: CancellationTokenSource,
  ): Promise<Prediction | null> {
    const params = { textDocument: { uri, version }, position, context: { triggerKind: kind } }
    try {
      const reply = await this.client.sendRequest<Reply>('zeta/nextEdit', params, source.token)
      return source.token.isCancellationRequested || !reply ? null : read(reply, uri, version)
    } catch {
      return null // cancelled, or the server is gone: the status says so
    }
  }
}

function isAbout(known: Question, uri: string, version: number, position: Position): boolean {
  return (
    known.uri === uri &&
    known.version === version &&
    known.position.line === position.line &&
    known.position.character === position.character
  )
}
