---@brief
--- The window of `:Zeta explain`: the latest predictions and silences, newest first, with reasons.

local api = vim.api

local M = {}

---@class zeta.Entry What `zeta.explain` returns, as far as it is shown.
---@field time string|number
---@field path string
---@field ending string
---@field reason? string
---@field explanation? string
---@field latency_ms? number

---@param value any
---@return string
local function text(value)
  return (value == nil or value == vim.NIL) and '' or tostring(value)
end

---@param entry zeta.Entry
---@return string
local function line(entry)
  local time = type(entry.time) == 'number' and os.date('%H:%M:%S', math.floor(entry.time))
    or text(entry.time):match('%d%d:%d%d:%d%d')
    or text(entry.time)
  local ending = text(entry.ending):gsub('_', ' ')
  local why = text(entry.reason) ~= '' and text(entry.explanation) or ''
  return vim.trim(('%s  %-16s  %-28s  %s'):format(time, ending, text(entry.path), why))
end

--- Show entries in a window of their own; q closes it.
---@param entries zeta.Entry[]
---@return integer buf
function M.show(entries)
  local lines = vim.tbl_map(line, entries)
  if #lines == 0 then
    lines = { 'Nothing was asked yet.' }
  end
  local buf = api.nvim_create_buf(false, true)
  api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  vim.bo[buf].modifiable = false
  vim.bo[buf].bufhidden = 'wipe'
  api.nvim_buf_set_name(buf, ('zeta://explain/%d'):format(buf))
  api.nvim_open_win(buf, true, { split = 'below', height = math.min(#lines, 12) })
  vim.wo.wrap = false
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buf, nowait = true, desc = 'Close' })
  return buf
end

return M
