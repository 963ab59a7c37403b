---@brief
--- Puts a prediction on the screen, in extended marks of one namespace.
---
--- Changes within a line are drawn in it: what goes is struck through, what comes stands behind it.
--- Changes of several lines are drawn as lines: those that go are struck through, those that come
--- stand below. Nothing is drawn that the edits do not do.

local api = vim.api
local edits = require('zeta.edits')

local M = {}

M.namespace = api.nvim_create_namespace('zeta')

--- Highlight groups. They are defaults: a colour scheme or a person may set them.
function M.highlights()
  local delete = api.nvim_get_hl(0, { name = 'DiffDelete', link = false })
  local gone = { strikethrough = true, default = true, fg = delete.fg, bg = delete.bg }
  gone.ctermfg, gone.ctermbg, gone.cterm = delete.ctermfg, delete.ctermbg, { strikethrough = true }
  local ghost = vim.fn.hlexists('ComplHint') == 1 and 'ComplHint' or 'Comment'
  api.nvim_set_hl(0, 'ZetaGhost', { link = ghost, default = true })
  api.nvim_set_hl(0, 'ZetaAdd', { link = 'DiffAdd', default = true })
  api.nvim_set_hl(0, 'ZetaDelete', gone)
  api.nvim_set_hl(0, 'ZetaHint', { link = 'DiagnosticHint', default = true })
end

---@param buf integer
---@param row integer
---@param col integer
---@param options vim.api.keyset.set_extmark
local function mark(buf, row, col, options)
  options.strict = false -- what was drawn for a text that is gone is no error
  api.nvim_buf_set_extmark(buf, M.namespace, row, col, options)
end

--- Text with its tabs as wide as the buffer has them; virtual text would show them as ^I.
---@param buf integer
---@param text string
---@param before string What stands before it on its line.
---@return string
local function expanded(buf, text, before)
  local stop = vim.bo[buf].tabstop
  local width = vim.fn.strdisplaywidth(before)
  local parts = vim.split(text, '\t', { plain = true })
  for i = 1, #parts - 1 do
    width = width + vim.fn.strdisplaywidth(parts[i], width)
    local blanks = stop - width % stop
    parts[i], width = parts[i] .. (' '):rep(blanks), width + blanks
  end
  return table.concat(parts)
end

---@param buf integer
---@param row integer
---@param col integer
---@return string
local function before(buf, row, col)
  return (api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ''):sub(1, col)
end

---@param buf integer
---@param lines string[]
---@param group string
---@return [string, string][][]
local function virtual_lines(buf, lines, group)
  return vim.tbl_map(function(line)
    return { { expanded(buf, line, ''), group } }
  end, lines)
end

---@param prediction zeta.Prediction
local function ghost(prediction)
  local buf = prediction.buf
  for _, one in ipairs(prediction.edits) do
    local first = expanded(buf, one.lines[1], before(buf, one.row, one.col))
    mark(buf, one.row, one.col, {
      virt_text = { { first, 'ZetaGhost' } },
      virt_text_pos = 'inline',
      virt_lines = virtual_lines(buf, vim.list_slice(one.lines, 2), 'ZetaGhost'),
      hl_mode = 'combine',
    })
  end
end

--- A change within a line.
---@param buf integer
---@param edit zeta.Edit
local function in_line(buf, edit)
  if edit.end_col > edit.col then
    mark(buf, edit.row, edit.col, {
      end_row = edit.end_row,
      end_col = edit.end_col,
      hl_group = 'ZetaDelete',
    })
  end
  if edit.lines[1] ~= '' then
    local text = expanded(buf, edit.lines[1], before(buf, edit.row, edit.end_col))
    mark(buf, edit.end_row, edit.end_col, {
      virt_text = { { text, 'ZetaAdd' } },
      virt_text_pos = 'inline',
      hl_mode = 'combine',
    })
  end
end

---@param old string[]
---@param new string[]
---@return integer head How many lines are the same at the beginning,
---@return integer tail and at the end.
local function shared(old, new)
  local most, head, tail = math.min(#old, #new), 0, 0
  while head < most and old[head + 1] == new[head + 1] do
    head = head + 1
  end
  while tail < most - head and old[#old - tail] == new[#new - tail] do
    tail = tail + 1
  end
  return head, tail
end

--- Strike a line through, but for its indent. An empty one goes as well: its end is coloured.
---@param buf integer
---@param row integer
---@param line string
local function gone(buf, row, line)
  local indent = #line:match('^%s*')
  if indent == #line then
    mark(buf, row, 0, { end_row = row + 1, end_col = 0, hl_group = 'ZetaDelete', hl_eol = true })
  else
    mark(buf, row, indent, { end_row = row, end_col = #line, hl_group = 'ZetaDelete' })
  end
end

--- A change of lines.
---@param buf integer
---@param group zeta.Edit[]
local function as_lines(buf, group)
  local first, last = group[1].row, group[#group].end_row
  local old = api.nvim_buf_get_lines(buf, first, last + 1, false)
  local new = edits.rewritten(buf, group, first, last)
  local head, tail = shared(old, new)
  local from, to = first + head, last + 1 - tail
  for row = from, to - 1 do
    gone(buf, row, old[row - first + 1])
  end
  local comes = vim.list_slice(new, head + 1, #new - tail)
  if #comes > 0 then
    mark(buf, math.max(to - 1, 0), 0, {
      virt_lines = virtual_lines(buf, comes, 'ZetaAdd'),
      virt_lines_above = to == 0,
    })
  end
end

--- Edits that share a row, together.
---@param all zeta.Edit[]
---@return zeta.Edit[][]
local function groups(all)
  local found = {} ---@type zeta.Edit[][]
  for _, one in ipairs(all) do
    local group = found[#found]
    if group and group[#group].end_row == one.row then
      group[#group + 1] = one
    else
      found[#found + 1] = { one }
    end
  end
  return found
end

---@param group zeta.Edit[]
---@return boolean
local function is_in_line(group)
  return vim.iter(group):all(function(one)
    return one.row == one.end_row and #one.lines == 1
  end)
end

---@param prediction zeta.Prediction
local function diff(prediction)
  for _, group in ipairs(groups(prediction.edits)) do
    if is_in_line(group) then
      for _, one in ipairs(group) do
        in_line(prediction.buf, one)
      end
    else
      as_lines(prediction.buf, group)
    end
  end
end

--- What the hint says: which line, and of which file if it is another one.
---@param prediction zeta.Prediction
---@return string
function M.hint(prediction)
  local jump = assert(prediction.jump)
  local line = jump.position.line + 1
  if jump.textDocument.uri ~= vim.uri_from_bufnr(prediction.buf) then
    local name = vim.fs.basename(vim.uri_to_fname(jump.textDocument.uri))
    return ('→ next edit: %s:%d'):format(name, line)
  end
  local arrow = jump.position.line < prediction.at.row and '↑' or '↓'
  return ('%s next edit: line %d'):format(arrow, line)
end

---@param prediction zeta.Prediction
local function jump(prediction)
  local buf, target = prediction.buf, assert(prediction.jump)
  mark(buf, prediction.at.row, 0, {
    virt_text = { { ' ' }, { M.hint(prediction), 'ZetaHint' } },
    virt_text_pos = 'eol',
  })
  if target.textDocument.uri == vim.uri_from_bufnr(buf) then
    mark(buf, target.position.line, 0, { number_hl_group = 'ZetaHint' })
    diff(prediction)
  end
end

local SHAPES = { ghost = ghost, diff = diff, jump = jump }

--- Take everything off the screen.
---@param buf integer
function M.clear(buf)
  if api.nvim_buf_is_valid(buf) then
    api.nvim_buf_clear_namespace(buf, M.namespace, 0, -1)
  end
end

--- Draw a prediction in place of what was drawn.
---@param prediction zeta.Prediction
function M.draw(prediction)
  M.clear(prediction.buf)
  SHAPES[prediction.kind](prediction)
end

return M
