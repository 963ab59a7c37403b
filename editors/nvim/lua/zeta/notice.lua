---@brief
--- Messages that never hold up typing: one that does not fit its line would wait for a key. What is
--- shown then is its beginning; all of it is in |:messages|.

local M = {}

--- LSP's message types, from 1.
local LEVELS = { vim.log.levels.ERROR, vim.log.levels.WARN, vim.log.levels.INFO }

local quiet = 0

---@param text string
---@param level? integer
function M.say(text, level)
  local line = text:gsub('%s*\n%s*', ' ')
  local room = vim.v.echospace
  if vim.fn.strdisplaywidth(line) > room then
    for _, one in ipairs(vim.split(text, '\n', { plain = true })) do
      vim.cmd({ cmd = 'echomsg', args = { vim.fn.string(one) }, mods = { silent = true } })
    end
    local more = ' … (:messages)'
    line = vim.fn.strcharpart(line, 0, math.max(room - #more, 0)) .. more
  end
  vim.notify(line, level or vim.log.levels.INFO, { title = 'zeta' })
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
