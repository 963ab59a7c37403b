---@brief
--- zeta: next-edit predictions in Neovim. |zeta.txt|
---
--- This module is what configurations and other plugins call. It loads the rest when it is needed.

local M = {}

--- Take options, or those in |g:zeta|, and enable the server for the files of this session.
---@param options? zeta.Options
function M.setup(options)
  local problems = require('zeta.config').set(options or vim.g.zeta)
  if #problems > 0 then
    require('zeta.notice').say('zeta: ' .. table.concat(problems, '; '), vim.log.levels.ERROR)
  end
  if vim.fn.has('nvim-0.11') == 0 then
    vim.notify('zeta: Neovim 0.11 or newer is needed', vim.log.levels.ERROR)
    return
  end
  vim.cmd.runtime('plugin/zeta.lua') -- where plugins were loaded before this one was on the path
  vim.lsp.enable('zeta')
end

--- What is on the screen, for mappings and menus of one's own.
---@return zeta.Kind?
function M.shown()
  local one = require('zeta.shown').live()
  return one and one.kind
end

--- What the server says is going on.
---@param buf? integer
---@return zeta.Status?
function M.status(buf)
  return require('zeta.status').of(buf)
end

--- A component for the status line.
---@return string
function M.statusline()
  return require('zeta.status').line()
end

-- Each returns whether there was something to do.
for _, name in ipairs({ 'accept', 'accept_word', 'accept_line', 'reject', 'hide', 'ask' }) do
  M[name] = function()
    return require('zeta.actions')[name]()
  end
end

return M
