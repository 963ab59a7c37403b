---@brief
--- Talking to the server: which client it is, requests that can be cancelled, commands.
---
--- Everything is asynchronous, and an error or a server that is gone is no answer.

local M = {}

--- The client that predicts in a buffer: any server that offers `zeta/nextEdit`, under whatever
--- name, be it in front of another server (`zeta-lsp proxy`). One whose name says Copilot is left
--- to the plugins that look for that word.
---@param buf integer
---@return vim.lsp.Client?
function M.client(buf)
  for _, client in ipairs(vim.lsp.get_clients({ bufnr = buf })) do
    local offers = vim.tbl_get(client.server_capabilities or {}, 'experimental', 'zetaNextEdit')
    if offers == true and not client.name:lower():find('copilot', 1, true) then
      return client
    end
  end
end

--- Send a request. What it returns cancels it; after that `done` is not called any more.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param buf integer
---@param done fun(result: any) Gets nil where the server refused.
---@return fun() cancel
function M.request(client, method, params, buf, done)
  local wanted = true
  local sent, id = client:request(method, params, function(err, result)
    if not wanted then
      return
    end
    wanted = false
    done(not err and result ~= vim.NIL and result or nil)
  end, buf)
  return function()
    if wanted and sent and id then
      client:cancel_request(id)
    end
    wanted = false
  end
end

--- Run one of the server's commands.
---@param client vim.lsp.Client
---@param command string
---@param arguments table
---@param done? fun(result: any)
function M.command(client, command, arguments, done)
  local params = { command = command, arguments = arguments }
  M.request(client, 'workspace/executeCommand', params, 0, done or function() end)
end

--- The person looks at a buffer: what the server says about "the document" is about this one.
---@param client vim.lsp.Client
---@param buf integer
function M.focus(client, buf)
  local params = { textDocument = { uri = vim.uri_from_bufnr(buf) } }
  client:notify('textDocument/didFocus', params)
end

--- Document and cursor, as the server counts.
---@param client vim.lsp.Client
---@return lsp.TextDocumentPositionParams
function M.position(client)
  return vim.lsp.util.make_position_params(0, client.offset_encoding)
end

return M
