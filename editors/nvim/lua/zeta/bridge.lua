---@brief
--- The bridge: answers the server's questions from the language servers that Neovim runs anyway.
---
--- All of them take part that are attached to the document and offer the method. The handlers run in
--- coroutines, as Neovim runs those of a server's requests, and wait without holding up typing.

local api = vim.api

local M = {}

--- The same position for a server that counts columns in another unit.
---@param buf integer
---@param position lsp.Position
---@param from string
---@param to string
---@return lsp.Position
local function converted(buf, position, from, to)
  if from == to then
    return position
  end
  local line = api.nvim_buf_get_lines(buf, position.line, position.line + 1, false)[1] or ''
  local byte = vim.str_byteindex(line, from, position.character, false)
  return { line = position.line, character = vim.str_utfindex(line, to, byte, false) }
end

--- The locations in an answer, in the one of its three shapes.
---@param result any
---@return lsp.Location[]
local function locations(result)
  local found = {}
  if type(result) ~= 'table' then
    return found
  end
  for _, one in ipairs(vim.islist(result) and result or { result }) do
    local uri, range = one.uri or one.targetUri, one.range or one.targetSelectionRange
    if uri and range then
      found[#found + 1] = { uri = uri, range = range }
    end
  end
  return found
end

---@param uri string
---@return integer? buf
local function loaded(uri)
  local buf = vim.uri_to_bufnr(uri)
  return api.nvim_buf_is_loaded(buf) and buf or nil
end

--- Ask every server about every item. `done` is called once, when all have answered.
---@param method string
---@param items lsp.TextDocumentPositionParams[]
---@param encoding string
---@param done fun(items: { locations: lsp.Location[] }[])
local function ask(method, items, encoding, done)
  local answers, open = {}, 1 -- one more than are asked, so that it ends after the last was asked
  local function closed()
    open = open - 1
    if open == 0 then
      done(answers)
    end
  end
  for i, item in ipairs(items) do
    answers[i] = { locations = {} }
    local buf = loaded(item.textDocument.uri)
    local clients = buf and vim.lsp.get_clients({ bufnr = buf, method = method }) or {}
    for _, client in ipairs(clients) do
      local params = {
        textDocument = item.textDocument,
        position = converted(
          buf --[[@as integer]],
          item.position,
          encoding,
          client.offset_encoding
        ),
      }
      open = open + 1
      local sent = client:request(method, params, function(_, result)
        vim.list_extend(answers[i].locations, locations(result))
        closed()
      end, buf)
      if not sent then
        closed()
      end
    end
  end
  closed()
end

---@param method string
---@return lsp.Handler
local function handler(method)
  return function(_, params, context)
    local us = vim.lsp.get_client_by_id(context.client_id)
    local waiting, result = coroutine.running(), nil ---@type thread, { locations: lsp.Location[] }[]?
    ask(method, params.items, us and us.offset_encoding or 'utf-16', function(items)
      result = items
      if coroutine.status(waiting) == 'suspended' then
        coroutine.resume(waiting)
      end
    end)
    if not result then
      coroutine.yield()
    end
    return { items = result }
  end
end

--- Handlers of the server's requests.
M.definitions = handler('textDocument/definition')
M.type_definitions = handler('textDocument/typeDefinition')

---@type lsp.Handler
function M.diagnostics(_, params)
  local buf = loaded(params.textDocument.uri)
  return { items = buf and vim.lsp.diagnostic.from(vim.diagnostic.get(buf)) or {} }
end

return M
