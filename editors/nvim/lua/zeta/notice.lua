---@brief
--- Messages that never hold up typing: one that does not fit its line would wait for a key. What is
--- shown then is its beginning; all of it is in |:messages|.

local M = {}

--- LSP's message types, from 1.
local LEVELS = { vim.log.levels.ERROR, vim.log.levels.WARN, vim.log.levels.INFO }

local quiet = 0

---@param text string
---@return string
local function shortened(text)
  local more = ' … (:messages)'
  local room = math.max(vim.v.echospace - #more, 0)
  return vim.fn.strcharpart(text:gsub('%s*\n%s*', ' '), 0, room) .. more
end

--- Say something. Whoever has put something of their own in place of |vim.notify()| gets all of it.
---@param text string
---@param level? integer
function M.say(text, level)
  local is_long = text:find('\n') or vim.fn.strdisplaywidth(text) > vim.v.echospace
  local more, options = vim.o.more, vim.o.messagesopt
  vim.o.more, vim.o.messagesopt = false, options:gsub('hit%-enter', 'wait:0')
  vim.notify(text, level or vim.log.levels.INFO, { title = 'zeta' })
  vim.o.more, vim.o.messagesopt = more, options
  if is_long then
    vim.cmd.redraw()
    vim.api.nvim_echo({ { shortened(text) } }, false, {})
  end
end

--- Handler of `window/showMessage`.
---@type lsp.Handler
function M.message(_, params)
  if quiet == 0 and params and params.message then
    M.say(params.message, LEVELS[params.type])
  end
end

--- Leave out what the server says until the returned function is called: for answers that are shown
--- in full, and that the server says in short for editors that show nothing else.
---@return fun()
function M.hush()
  quiet = quiet + 1
  return function()
    quiet = quiet - 1
  end
end

return M
