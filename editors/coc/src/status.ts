/**
 * What is going on, as the server tells it: an item of coc's status line, and in full when asked.
 */
import { window, type LanguageClient, type StatusBarItem } from 'coc.nvim'

/** The parameters of `zeta/didChangeStatus`. */
interface Now {
  model: string
  latencyMs: number | null
  busy: boolean
  paused: boolean
  capture: boolean
  reason: string | null
  explanation: string | null
}

/** Reasons that last, and so are worth a place in the status line. */
const LASTING = /^(excluded|mode_|endpoint_|api_key_|model_|format_|bad_|internal_)/

export class Status {
  readonly item: StatusBarItem = window.createStatusBarItem(0)

  constructor(private readonly client: LanguageClient) {}

  listen(): void {
    this.client.onNotification('zeta/didChangeStatus', (now: Now) => this.update(now))
  }

  /** Ask for all of it, and show it. */
  async tell(): Promise<void> {
    const now = await this.client.sendRequest<Now>('zeta/status', {})
    this.update(now)
    const capture = now.capture ? 'this file is recorded' : 'not recorded'
    const why = now.explanation ?? '(something is shown, or nothing was asked)'
    const lines = [`${mood(now)}, ${capture}`, `Nothing shown because: ${why}`]
    await window.showNotification({ title: 'zeta-lsp', content: lines.join('\n\n') })
  }

  private update(now: Now): void {
    this.item.text = `zeta ${mood(now)}${now.capture ? ' ●rec' : ''}`
    this.item.show()
  }
}

function mood({ model, latencyMs, busy, paused, reason }: Now): string {
  if (paused) return 'paused'
  if (reason && LASTING.test(reason)) return reason.replace(/_/g, ' ')
  if (busy) return `${model} …`
  return latencyMs ? `${model} ${Math.round(latencyMs)}ms` : model
}
