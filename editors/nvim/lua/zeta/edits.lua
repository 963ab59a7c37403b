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
  return within(buf, { row = row, col = col, end_row = end_row, end_col = end_col, lines = lines })
end

---@param one zeta.Edit
---@param other zeta.Edit
---@return boolean
local function before(one, other)
  if one.row ~= other.row then
    return one.row < other.row
  end
  return one.col < other.col
end

--- The edits of a buffer among those of a reply.
---@param buf integer
---@param given zeta.Reply.Edit[]
---@param encoding string
---@return zeta.Edit[]
function M.read(buf, given, encoding)
  local uri, edits = vim.uri_from_bufnr(buf), {}
  for _, one in ipairs(given) do
    if one.textDocument.uri == uri then
      edits[#edits + 1] = read_one(buf, one, encoding)
    end
  end
  table.sort(edits, before)
  return edits
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
