/**
 * Puts the server's questions to the person. coc's own way of asking takes Enter for the first answer,
 * and a key that was meant for the text must not agree to anything: here Enter alone decides nothing.
 */
import { window, workspace, type Disposable, type LanguageClient } from 'coc.nvim'

interface Question {
  message: string
  actions?: { title: string }[]
}

const LATER = 'Decide later'
const LOOK_MS = 100

export function listen(client: LanguageClient): Disposable {
  return client.onRequest('window/showMessageRequest', async ({ message, actions }: Question) => {
    const answers = actions ?? []
    await quiet()
    const buffer = await open(message)
    const items = [LATER, ...answers.map(({ title }) => title)]
    const chosen = await window.showMenuPicker(items, { title: 'zeta-lsp asks' })
    await workspace.nvim.command(`silent! bwipeout ${buffer}`)
    return answers[chosen - 1] ?? null
  })
}

/** Show a text in a window of its own; the number of its buffer. */
async function open(text: string): Promise<number> {
  const { nvim } = workspace
  await nvim.command('botright new')
  await nvim.command('setlocal buftype=nofile bufhidden=wipe noswapfile nobuflisted linebreak')
  await nvim.call('setline', [1, text.split('\n')])
  return (await nvim.call('bufnr', ['%'])) as number
}

/** Wait until nobody types. */
async function quiet(): Promise<void> {
  while ((await workspace.nvim.call('mode')) !== 'n') {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
