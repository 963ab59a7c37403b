vim9script
# What the server says to the person and asks them.
#
# A question waits until nobody is typing, and is answered with a digit alone: no key that was meant
# for the text can agree to anything.

const WIDTH = 76
const NOTICE_MS = 6000
const LEVELS = {1: 'ErrorMsg', 2: 'WarningMsg'}

# Questions that are not shown yet: [text, answers, Reply].
var questions: list<list<any>> = []
var is_asking = false

# A message; while somebody types it is shown aside, where it asks for no key.
export def Tell(params: dict<any>)
  if mode() != 'n'
    popup_notification($'zeta: {params.message}', {time: NOTICE_MS, maxwidth: WIDTH})
    return
  endif
  execute $'echohl {LEVELS->get(params->get('type', 3), 'None')}'
  echomsg 'zeta:' params.message->substitute('\n', ' ', 'g')
  echohl None
enddef

# `window/showMessageRequest`: `Reply` gets the action that was chosen, or null.
export def Ask(params: any, Reply: func(any))
  const actions = params->get('actions') ?? []
  questions->add([params.message, actions, Reply])
  Next()
enddef

# Show the next question, if this is a moment for it.
export def Next()
  if is_asking || empty(questions) || mode() != 'n'
    return
  endif
  const [text, actions, Reply] = questions->remove(0)
  is_asking = true
  const choices = actions->mapnew((i, action) => $' {i + 1}  {action.title}')
  popup_dialog(text->split("\n") + [''] + choices + [' Esc  no answer'], {
    title: ' zeta-lsp asks ',
    padding: [0, 1, 0, 1],
    maxwidth: WIDTH,
    mapping: false,
    filter: (id, key) => Pressed(id, key, len(actions)),
    callback: (_, chosen) => {
      is_asking = false
      Reply(chosen > 0 ? actions[chosen - 1] : null)
      Next()
    },
  })
enddef

def Pressed(id: number, key: string, count: number): bool
  if key =~ '^[1-9]$' && str2nr(key) <= count
    popup_close(id, str2nr(key))
  elseif key == "\<Esc>"
    popup_close(id, 0)
  endif
  return true
enddef
