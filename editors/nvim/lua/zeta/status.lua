---@brief
--- What the server says is going on: model, latency, whether the file is recorded, and why nothing
--- is shown. For the status line, for `:Zeta status`, and as the autocommand `User ZetaStatus`.

local api = vim.api
local wire = require('zeta.wire')

local M = {}

---@class zeta.Status
---@field model string
---@field latencyMs? number
---@field busy boolean
---@field paused boolean
---@field capture boolean Whether the document that was used last is recorded.
---@field reason? string Why nothing is shown, in a word.
---@field explanation? string The same for people.

local known = {} ---@type table<integer, zeta.Status>

---@param client_id integer
---@param told any
local function take(client_id, told)
  if type(told) ~= 'table' then
    return
  end
  local status = {}
  for name, value in pairs(told) do
    if value ~= vim.NIL then
      status[name] = value
    end
  end
  known[client_id] = status
  api.nvim_exec_autocmds('User', { pattern = 'ZetaStatus', modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

--- Handler of `zeta/didChangeStatus`.
---@type lsp.Handler
function M.changed(_, params, context)
  take(context.client_id, params)
end

--- Ask the server for it.
---@param client vim.lsp.Client
---@param buf integer
---@param done? fun()
function M.read(client, buf, done)
  wire.request(client, 'zeta/status', vim.empty_dict(), buf, function(told)
    take(client.id, told)
    if done then
      done()
    end
  end)
end

--- What is known of the server of a buffer.
---@param buf? integer
---@return zeta.Status?
function M.of(buf)
  local client = wire.client(buf or api.nvim_get_current_buf())
  return client and known[client.id]
end

---@param status zeta.Status
---@return string
local function state(status)
  if status.paused then
    return 'paused'
  elseif status.busy then
    return '…'
  elseif status.reason and status.reason ~= 'no_change' then
    return (status.reason:gsub('_', ' '))
  end
  return status.latencyMs and ('%d ms'):format(status.latencyMs) or ''
end

--- A component for the status line, "" where no server predicts: "zeta-2.1 140 ms", with "● rec"
--- while the file is recorded.
---@return string
function M.line()
  local status = M.of()
  if not status then
    return ''
  end
  local parts = { status.model, state(status), status.capture and '● rec' or '' }
  local filled = vim.tbl_filter(function(part)
    return part ~= ''
  end, parts)
  return table.concat(filled, ' ')
end

--- The same for people, a line each.
---@param buf? integer
---@return string[]
function M.describe(buf)
  local status = M.of(buf)
  if not status then
    return { 'No server predicts in this buffer (:checkhealth zeta).' }
  end
  local lines = { 'model:    ' .. status.model }
  local latency = status.latencyMs
  lines[2] = 'latency:  ' .. (latency and ('%.0f ms'):format(latency) or 'nothing asked yet')
  lines[3] = 'recorded: ' .. (status.capture and 'yes' or 'no')
  if status.paused then
    lines[#lines + 1] = 'paused:   yes (:Zeta pause)'
  end
  if status.reason then
    lines[#lines + 1] = 'nothing is shown: ' .. (status.explanation or status.reason)
  end
  return lines
end

return M
