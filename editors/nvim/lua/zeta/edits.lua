---@brief
--- Replacements in a buffer: read from the server's JSON, applied as one step of undo.
---
--- Rows and byte columns count from 0. Edits of one prediction are sorted and do not overlap.

local api = vim.api
local M = {}

---@class zeta.Edit
---@field row integer
---@field col integer
---@field end_row integer
---@field end_col integer
---@field lines string[] What comes instead, "" for nothing.

---@class zeta.Reply.Edit
---@field textDocument { uri: string, version?: integer }
---@field range lsp.Range
---@field newText string

local NEWLINES = { dos = '\r\n', mac = '\r', unix = '\n' }

--- Text as a buffer holds it: its own line ends become lines, any other stays in them.
---@param buf integer
---@param text string
---@return string[]
local function lines_of(buf, text)
  return vim.split(text, NEWLINES[vim.bo[buf].fileformat], { plain = true })
end

---@param buf integer
---@param position lsp.Position
---@param encoding string
---@return integer row
---@return integer col
function M.place(buf, position, encoding)
  local line = api.nvim_buf_get_lines(buf, position.line, position.line + 1, false)[1]
  if not line then
    return position.line, 0
  end
  return position.line, vim.str_byteindex(line, encoding, position.character, false)
end

--- An edit that goes to, or even begins, behind the last line, as whole lines do: the buffer has no
--- such place, its last line has its end already.
---@param buf integer
---@param edit zeta.Edit
---@return zeta.Edit
local function within(buf, edit)
  local last = api.nvim_buf_line_count(buf) - 1
  if edit.end_row <= last then
    return edit
  end
  local function length(row)
    return #api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
  end
  local row, col, lines = edit.row, edit.col, vim.deepcopy(edit.lines)
  local is_nothing = #lines == 1 and lines[1] == ''
  if #lines > 1 and lines[#lines] == '' then
    table.remove(lines)
  end
  if row > last then
    row, col = last, length(last)
    if not is_nothing then
      table.insert(lines, 1, '')
    end
  elseif is_nothing and col == 0 and row > 0 then
    row, col = row - 1, length(row - 1)
  end
  return { row = row, col = col, end_row = last, end_col = length(last), lines = lines }
end

---@param buf integer
---@param given zeta.Reply.Edit
---@param encoding string
---@return zeta.Edit
local function read_one(buf, given, encoding)
  local row, col = M.place(buf, given.range.start, encoding)
  local end_row, end_col = M.place(buf, given.range['end'], encoding)
  local lines = lines_of(buf, given.newText)
  return { row = row, col = col, end_row = end_row, end_col = end_col, lines = lines }
end

--- One edit instead of two where the second begins where the first ends.
---@param one zeta.Edit
---@param other zeta.Edit
---@return zeta.Edit
local function joined(one, other)
  local lines = vim.list_extend(vim.deepcopy(one.lines), other.lines, 2)
  lines[#one.lines] = one.lines[#one.lines] .. other.lines[1]
  return vim.tbl_extend('force', one, {
    end_row = other.end_row,
    end_col = other.end_col,
    lines = lines,
  })
end

--- Edits in the order of the text; those at one place stay in theirs.
---@param given zeta.Reply.Edit[]
---@return zeta.Reply.Edit[]
local function sorted(given)
  local order = vim.tbl_keys(given)
  table.sort(order, function(i, j)
    local one, other = given[i].range.start, given[j].range.start
    if one.line ~= other.line then
      return one.line < other.line
    elseif one.character ~= other.character then
      return one.character < other.character
    end
    return i < j
  end)
  return vim.tbl_map(function(i)
    return given[i]
  end, order)
end

--- The edits of a buffer among those of a reply.
---@param buf integer
---@param given zeta.Reply.Edit[]
---@param encoding string
---@return zeta.Edit[]
function M.read(buf, given, encoding)
  local uri, edits = vim.uri_from_bufnr(buf), {} ---@type string, zeta.Edit[]
  for _, one in ipairs(sorted(given)) do
    if one.textDocument.uri == uri then
      local edit, before = read_one(buf, one, encoding), edits[#edits]
      if before and before.end_row == edit.row and before.end_col == edit.col then
        edits[#edits] = joined(before, edit)
      else
        edits[#edits + 1] = edit
      end
    end
  end
  return vim.tbl_map(function(edit)
    return within(buf, edit)
  end, edits)
end

--- Begin a new step of undo, also in the middle of an insertion.
---@param buf integer
function M.undo_step(buf)
  vim.bo[buf].undolevels = vim.bo[buf].undolevels
end

--- Apply edits to a buffer.
---@param buf integer
---@param edits zeta.Edit[]
function M.apply(buf, edits)
  for i = #edits, 1, -1 do
    local one = edits[i]
    api.nvim_buf_set_text(buf, one.row, one.col, one.end_row, one.end_col, one.lines)
  end
end

--- Where an edit leaves off once it is applied.
---@param edit zeta.Edit
---@return integer row
---@return integer col
function M.end_of(edit)
  local lines = edit.lines
  return edit.row + #lines - 1, (#lines == 1 and edit.col or 0) + #lines[#lines]
end

--- The rows `first` to `last` of a buffer as they are once edits within them are applied.
---@param buf integer
---@param edits zeta.Edit[]
---@param first integer
---@param last integer
---@return string[]
function M.rewritten(buf, edits, first, last)
  local parts, row, col = {}, first, 0
  local final = api.nvim_buf_get_lines(buf, last, last + 1, true)[1]
  for _, one in ipairs(edits) do
    parts[#parts + 1] = M.text(buf, row, col, one.row, one.col)
    parts[#parts + 1] = table.concat(one.lines, '\n')
    row, col = one.end_row, one.end_col
  end
  parts[#parts + 1] = M.text(buf, row, col, last, #final)
  return vim.split(table.concat(parts), '\n', { plain = true })
end

--- Text of a buffer.
---@param buf integer
---@param row integer
---@param col integer
---@param end_row integer
---@param end_col integer
---@return string
function M.text(buf, row, col, end_row, end_col)
  return table.concat(api.nvim_buf_get_text(buf, row, col, end_row, end_col, {}), '\n')
end

return M
