/**
 * What coc.nvim has and its types on npm have not: inline completion, and since 2026-08 next edits.
 * Source: `typings/index.d.ts` and `doc/coc.txt` of coc.nvim.
 */
import 'coc.nvim'

declare module 'coc.nvim' {
  export interface InlineCompletionItem {
    insertText: string
    range?: Range
    command?: Command
  }
  export interface InlineCompletionMiddleware {
    provideInlineCompletionItems: (
      document: TextDocument,
      position: Position,
    ) => Promise<InlineCompletionItem[]>
  }
  export interface NextEditItem {
    textDocument: { uri: string; version: number }
    range: Range
    newText: string
    command?: Command
  }
  export interface NextEditProvider {
    provideNextEdits(
      document: TextDocument,
      position: Position,
      context: { triggerKind: number },
      token: CancellationToken,
    ): Promise<NextEditItem[]>
    handleDidShowNextEdit?(item: NextEditItem): void
  }
  export namespace languages {
    /** Absent in older versions. */
    export const registerNextEditProvider:
      | ((selector: DocumentSelector, provider: NextEditProvider) => Disposable)
      | undefined
  }
}
