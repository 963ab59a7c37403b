---@brief
--- Neovim's own inline completion (0.12): who draws ghost text, and accepting what it drew.
---
--- Where core inline completion is enabled for our server in a buffer, ghost text is its business
--- (unless `ghost = 'own'`): the plugin then shows only what core cannot, and asks a moment after
--- core does, so that the server answers both from one prediction.

local config = require('zeta.config')

local M = {}

--- Core waits 200 ms behind the last key. Asking a little later shares its question to the model.
M.LATER_MS = 210

---@return table?
local function core()
  return vim.lsp.inline_completion
end

--- Switch core inline completion on or off for a client, as the options say.
---@param client vim.lsp.Client
---@param buf integer
function M.arrange(client, buf)
  local inline = core()
  if inline and config.now.ghost == 'own' then
    inline.enable(false, { client_id = client.id })
  elseif inline and config.now.ghost == 'core' then
    inline.enable(true, { bufnr = buf })
  end
end

--- Whether core inline completion draws the ghost text of a client in a buffer.
---@param client_id integer
---@param buf integer
---@return boolean
function M.draws(client_id, buf)
  local inline = core()
  return inline ~= nil
    and config.now.ghost ~= 'own'
    and inline.is_enabled({ client_id = client_id, bufnr = buf })
end

--- Whether it shows something in a buffer now.
---@param buf integer
---@return boolean
function M.is_showing(buf)
  local namespace = vim.api.nvim_get_namespaces()['nvim.lsp.inline_completion']
  return namespace ~= nil
    and #vim.api.nvim_buf_get_extmarks(buf, namespace, 0, -1, { limit = 1 }) > 0
end

--- Have core accept what it shows.
---@param on_accept fun(item: vim.lsp.inline_completion.Item): vim.lsp.inline_completion.Item?
---@return boolean
function M.accept(on_accept)
  return vim.lsp.inline_completion.get({ on_accept = on_accept })
end

return M
