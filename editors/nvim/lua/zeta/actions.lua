---@brief
--- What a person does with a prediction: take it, a part of it, go there, turn it down, hide it.
---
--- Each action returns whether there was something to do, for mappings with a fallback of their own.
--- Whatever is applied is one step of undo, also in the middle of an insertion.

local api = vim.api
local ask = require('zeta.ask')
local core = require('zeta.core')
local edits = require('zeta.edits')
local prediction = require('zeta.prediction')
local shown = require('zeta.shown')
local wire = require('zeta.wire')
local words = require('zeta.words')

local M = {}

---@param one zeta.Prediction
---@return vim.lsp.Client?
local function client_of(one)
  return vim.lsp.get_client_by_id(one.client_id)
end

---@param one zeta.Prediction
---@param command string
local function report(one, command)
  local client = client_of(one)
  if client then
    wire.command(client, command, { { id = one.id } })
  end
end

---@param one zeta.Prediction
local function place_cursor(one)
  local client, cursor = client_of(one), one.cursor
  local row, col ---@type integer, integer
  if cursor and client then
    row, col = edits.place(one.buf, cursor, client.offset_encoding)
  else
    row, col = edits.end_of(one.edits[#one.edits])
  end
  row = math.min(row, api.nvim_buf_line_count(one.buf) - 1)
  api.nvim_win_set_cursor(0, { row + 1, col })
end

---@param one zeta.Prediction
local function apply(one)
  shown.clear()
  edits.undo_step(one.buf)
  edits.apply(one.buf, one.edits)
  place_cursor(one)
  edits.undo_step(one.buf)
  report(one, 'zeta.accept')
  ask.on()
end

--- The person goes where the edit is, and asks for it there.
---@param one zeta.Prediction
local function jump(one)
  local target, client = assert(one.jump), client_of(one)
  if not client then
    return
  end
  shown.clear()
  local range = { start = target.position, ['end'] = target.position }
  local location = { uri = target.textDocument.uri, range = range }
  if vim.lsp.util.show_document(location, client.offset_encoding, { reuse_win = true }) then
    local buf = api.nvim_get_current_buf()
    local row, col = edits.place(buf, target.position, client.offset_encoding)
    row = math.min(row, api.nvim_buf_line_count(buf) - 1)
    api.nvim_win_set_cursor(0, { row + 1, col })
    ask.now()
  end
end

--- Do something to the text in place of core inline completion, where that has drawn the ghost text.
--- Another server's item is core's to accept.
---@param one zeta.Prediction
---@param act fun()
local function instead_of_core(one, act)
  if not core.draws(one.client_id, one.buf) or not core.is_showing(one.buf) then
    act()
    return
  end
  core.accept(function(item)
    if item.client_id ~= one.client_id then
      return item
    end
    act()
  end)
end

--- Take the whole of what is shown, or go where the hint leads.
---@return boolean
function M.accept()
  local one = shown.live()
  if not one then
    return false
  end
  if one.kind == 'jump' then
    jump(one)
  else
    instead_of_core(one, function()
      apply(one)
    end)
  end
  return true
end

---@param one zeta.Prediction
---@param part string[]
local function take_part(one, part)
  local first = one.edits[1]
  local left = assert(prediction.along(one, part))
  edits.undo_step(one.buf)
  edits.apply(one.buf, { vim.tbl_extend('force', first, { lines = part }) })
  api.nvim_win_set_cursor(0, { left.at.row + 1, left.at.col })
  edits.undo_step(one.buf)
  shown.shortened(left)
end

---@param part fun(lines: string[]): string[]
---@return boolean
local function accept_part(part)
  local one = shown.live()
  if not one or one.kind ~= 'ghost' then
    return false
  end
  local taken = part(one.edits[1].lines)
  if #one.edits > 1 and #taken > 1 then
    return M.accept()
  end
  instead_of_core(one, function()
    take_part(one, taken)
  end)
  return true
end

--- Take the next word of the ghost text.
---@return boolean
function M.accept_word()
  return accept_part(words.word)
end

--- Take the next line of the ghost text.
---@return boolean
function M.accept_line()
  return accept_part(words.line)
end

--- Turn down what is shown: it is not proposed here again soon.
---@return boolean
function M.reject()
  local one = shown.live()
  if not one then
    return false
  end
  shown.hide()
  report(one, 'zeta.reject')
  return true
end

--- Out of sight until the text changes. The server is not told.
---@return boolean
function M.hide()
  local one = shown.live()
  shown.hide()
  return one ~= nil
end

--- Ask now, whatever the server's mode.
---@return boolean
function M.ask()
  ask.now()
  return true
end

--- Accept as an operator, for |.|: what is shown, or ask for it.
function M.repeatable()
  if not M.accept() then
    ask.now()
  end
end

return M
