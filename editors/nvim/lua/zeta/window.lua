---@brief
--- A window below with something to read: what `:Zeta status` and `:Zeta explain` say. q closes it.

local api = vim.api

local M = {}

local MOST_LINES = 12

--- Show lines; what was shown under the same name before goes.
---@param name string
---@param lines string[]
---@return integer buf
function M.show(name, lines)
  local title = 'zeta://' .. name
  local old = vim.fn.bufnr('^' .. title .. '$')
  if old ~= -1 then
    api.nvim_buf_delete(old, { force = true })
  end
  local buf = api.nvim_create_buf(false, true)
  api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  api.nvim_buf_set_name(buf, title)
  vim.bo[buf].modifiable = false
  vim.bo[buf].bufhidden = 'wipe'
  local win = api.nvim_open_win(buf, true, {
    split = 'below',
    height = math.min(#lines, MOST_LINES),
    style = 'minimal',
  })
  vim.wo[win].wrap = false
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buf, nowait = true, desc = 'Close' })
  return buf
end

return M
