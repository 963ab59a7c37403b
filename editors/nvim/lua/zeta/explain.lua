---@brief
--- The server's latest predictions and silences as lines to read, newest first, with reasons.

local notice = require('zeta.notice')
local wire = require('zeta.wire')

local M = {}

---@class zeta.Entry What `zeta.explain` returns, as far as it is shown.
---@field time string|number
---@field path string
---@field ending string
---@field reason? string
---@field explanation? string

---@param value any
---@return string
local function text(value)
  return (value == nil or value == vim.NIL) and '' or tostring(value)
end

---@param time any
---@return string
local function clock(time)
  if type(time) == 'number' then
    return os.date('%H:%M:%S', math.floor(time)) --[[@as string]]
  end
  return text(time):match('%d%d:%d%d:%d%d') or text(time)
end

---@param entry zeta.Entry
---@return string
local function line(entry)
  local ending = text(entry.ending):gsub('_', ' ')
  local why = text(entry.reason) ~= '' and text(entry.explanation) or ''
  return vim.trim(('%s  %-14s %-24s %s'):format(clock(entry.time), ending, text(entry.path), why))
end

---@param entries any
---@return string[]
local function lines(entries)
  if type(entries) ~= 'table' or #entries == 0 then
    return { 'Nothing was asked yet.' }
  end
  return vim.tbl_map(line, entries)
end

--- Ask for them.
---@param client vim.lsp.Client
---@param done fun(lines: string[])
function M.ask(client, done)
  local speak = notice.hush()
  wire.command(client, 'zeta.explain', {}, function(entries)
    speak()
    done(lines(entries))
  end)
end

return M
