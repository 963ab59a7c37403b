/**
 * Answers the server's questions from whatever else coc knows about a document.
 */
import {
  CancellationTokenSource,
  diagnosticManager,
  languages,
  workspace,
  type CancellationToken,
  type Diagnostic,
  type LanguageClient,
  type Location,
  type Position,
  type TextDocument,
} from 'coc.nvim'

interface Items {
  items: { textDocument: { uri: string }; position: Position }[]
}
interface Located {
  items: { locations: Location[] }[]
}
type Find = (document: TextDocument, at: Position, token: CancellationToken) => Promise<Location[]>

/** coc's own way to all providers, which its types leave out. */
type Finders = { getDefinition?: Find; getTypeDefinition?: Find }

export function answer(client: LanguageClient): void {
  const all = languages as unknown as Finders
  client.onRequest('zeta/definitions', (asked: Items) => locate(asked, all.getDefinition?.bind(all)))
  client.onRequest('zeta/typeDefinitions', (asked: Items) =>
    locate(asked, all.getTypeDefinition?.bind(all)),
  )
  client.onRequest('zeta/diagnostics', ({ textDocument }: { textDocument: { uri: string } }) => ({
    items: diagnostics(textDocument.uri),
  }))
}

async function locate({ items }: Items, find: Find | undefined): Promise<Located> {
  const { token } = new CancellationTokenSource()
  const found = items.map(async ({ textDocument, position }) => {
    const document = workspace.getDocument(textDocument.uri)?.textDocument
    try {
      const locations = document && find ? await find(document, position, token) : []
      return { locations: locations.map(({ uri, range }) => ({ uri, range })) }
    } catch {
      return { locations: [] } // one provider's fault; the others' answers count
    }
  })
  return { items: await Promise.all(found) }
}

function diagnostics(uri: string): Diagnostic[] {
  return Object.values(diagnosticManager.getDiagnostics(uri)).flat()
}
