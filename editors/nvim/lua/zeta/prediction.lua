---@brief
--- One prediction: what the server proposed, and in which of three ways it is shown.
---
--- `ghost`: text only comes, at the cursor or behind it on its line. `diff`: anything else nearby.
--- `jump`: it is out of sight. A prediction is a value; typing along and taking a part of it make
--- another one.

local api = vim.api
local edits = require('zeta.edits')

local M = {}

---@alias zeta.Kind 'ghost'|'diff'|'jump'

---@class zeta.Place Rows and byte columns from 0.
---@field row integer
---@field col integer

---@class zeta.Prediction
---@field id string
---@field kind zeta.Kind
---@field client_id integer
---@field buf integer
---@field edits zeta.Edit[] Those in `buf`.
---@field at zeta.Place The cursor for which it was made.
---@field cursor? lsp.Position Where the cursor goes, in the text that the edits leave.
---@field jump? { textDocument: { uri: string }, position: lsp.Position }

---@class zeta.Reply What `zeta/nextEdit` answers.
---@field id? string
---@field edits zeta.Reply.Edit[]
---@field cursor? lsp.Position
---@field jump? { textDocument: { uri: string }, position: lsp.Position }
---@field reason? string

--- JSON's null is a value of its own in Neovim.
---@generic T
---@param value T
---@return T?
local function known(value)
  if value == vim.NIL then
    return nil
  end
  return value
end

--- Whether text only comes, at a place or behind it on its line. Text that comes in several lines
--- must be the last of its line, else what stands behind it would be drawn in the wrong place.
---@param buf integer
---@param all zeta.Edit[]
---@param at zeta.Place
---@return boolean
local function is_ghost(buf, all, at)
  local line = api.nvim_buf_get_lines(buf, at.row, at.row + 1, false)[1] or ''
  for i, one in ipairs(all) do
    local only_comes = one.row == one.end_row and one.col == one.end_col
    local is_last = i == #all and one.col == #line
    if
      not only_comes
      or one.row ~= at.row
      or one.col < at.col
      or (#one.lines > 1 and not is_last)
    then
      return false
    end
  end
  return #all > 0
end

--- A version that the server named and that is not the buffer's means another text.
---@param buf integer
---@param given zeta.Reply.Edit[]
---@return boolean
local function is_current(buf, given)
  local uri, version = vim.uri_from_bufnr(buf), vim.lsp.util.buf_versions[buf]
  for _, one in ipairs(given) do
    local named = known(one.textDocument.version)
    if one.textDocument.uri == uri and named and version and named ~= version then
      return false
    end
  end
  return true
end

--- The prediction in a reply, nil if there is none for the text as it is.
---@param reply zeta.Reply
---@param client vim.lsp.Client
---@param buf integer
---@param at zeta.Place
---@return zeta.Prediction?
function M.read(reply, client, buf, at)
  local id, jump, given = known(reply.id), known(reply.jump), known(reply.edits) or {}
  if not id or not is_current(buf, given) then
    return nil
  end
  local own = edits.read(buf, given, client.offset_encoding)
  if not jump and #own == 0 then
    return nil
  end
  return {
    id = id,
    kind = jump and 'jump' or is_ghost(buf, own, at) and 'ghost' or 'diff',
    client_id = client.id,
    buf = buf,
    edits = own,
    at = at,
    cursor = known(reply.cursor),
    jump = jump,
  }
end

--- Lines less what a text begins with, nil if they do not begin with it.
---@param lines string[]
---@param head string[]
---@return string[]?
local function without(lines, head)
  if #head > #lines then
    return nil
  end
  for i = 1, #head - 1 do
    if head[i] ~= lines[i] then
      return nil
    end
  end
  if not vim.startswith(lines[#head], head[#head]) then
    return nil
  end
  local rest = vim.list_slice(lines, #head)
  rest[1] = rest[1]:sub(#head[#head] + 1)
  return rest
end

--- What is left of ghost text once its beginning stands in the buffer, nil if that is something
--- else. With nothing left, the prediction has no edits any more.
---@param prediction zeta.Prediction
---@param typed string[] What was put in where the ghost text begins.
---@return zeta.Prediction?
function M.along(prediction, typed)
  local first = prediction.edits[1]
  local rest = prediction.kind == 'ghost' and without(first.lines, typed)
  if not rest or (#typed > 1 and #prediction.edits > 1) then
    return nil
  end
  local row, col = edits.end_of({ row = first.row, col = first.col, lines = typed })
  local left = {}
  if #rest > 1 or rest[1] ~= '' then
    left[1] = { row = row, col = col, end_row = row, end_col = col, lines = rest }
  end
  for i = 2, #prediction.edits do
    local one = prediction.edits[i]
    local shifted = one.col + #typed[1]
    left[#left + 1] =
      { row = row, col = shifted, end_row = row, end_col = shifted, lines = one.lines }
  end
  return vim.tbl_extend('force', prediction, { edits = left, at = { row = row, col = col } })
end

return M
