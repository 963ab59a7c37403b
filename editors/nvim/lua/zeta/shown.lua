---@brief
--- What is on the screen now, and for how long that is true.
---
--- There is at most one prediction, in the current buffer. It holds for one text. Typing along ghost
--- text shortens it; any other change takes it off. A diff may stay for a moment while the answer to
--- the change is on its way, so that the lines below do not jump with every key; it cannot be
--- accepted any more then. Its keys are mapped as long as it can be.

local api = vim.api
local config = require('zeta.config')
local core = require('zeta.core')
local draw = require('zeta.draw')
local keys = require('zeta.keys')
local neighbours = require('zeta.neighbours')
local prediction = require('zeta.prediction')
local versions = require('zeta.versions')

local M = {}

--- How long a diff stays after a change. An answer that the server has at hand takes 2 to 10 ms.
local FADE_MS = 60

---@class zeta.Shown
---@field prediction zeta.Prediction
---@field version integer The text for which it is true.
---@field tail string What stands behind the ghost text on its line.
---@field lines integer How many lines the buffer has.

local now ---@type zeta.Shown?
local fading = 0
local hidden ---@type { buf: integer, version: integer }?

---@param buf integer
---@return integer row
---@return integer col
local function cursor(buf)
  local win = api.nvim_get_current_win()
  if api.nvim_win_get_buf(win) ~= buf then
    return -1, -1
  end
  local row, col = unpack(api.nvim_win_get_cursor(win))
  return row - 1, col
end

---@param buf integer
---@param row integer
---@param col integer
---@return string
local function behind(buf, row, col)
  return (api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ''):sub(col + 1)
end

---@return boolean
local function may_be_seen()
  return config.now.with_menu or not neighbours.has_menu()
end

--- Whether core inline completion draws it.
---@param one zeta.Prediction
---@return boolean
local function is_cores(one)
  local in_core = api.nvim_get_mode().mode:sub(1, 1) == 'i' and core.draws(one.client_id, one.buf)
  return in_core and (one.kind == 'ghost' or core.is_showing(one.buf))
end

--- Draw what is true now, or nothing, and map its keys.
local function redraw()
  local one = assert(now).prediction
  if not may_be_seen() then
    draw.clear(one.buf)
    keys.remove()
    return
  end
  if is_cores(one) then
    draw.clear(one.buf)
  else
    draw.draw(one)
  end
  keys.install(one.buf, one.kind)
end

---@param one zeta.Prediction
local function keep(one)
  local first, buf = one.edits[1], one.buf
  now = {
    prediction = one,
    version = versions.of(buf),
    tail = first and behind(buf, first.row, first.col) or '',
    lines = api.nvim_buf_line_count(buf),
  }
  fading = fading + 1
  redraw()
end

--- Take everything off the screen.
function M.clear()
  if now then
    draw.clear(now.prediction.buf)
    keys.remove()
  end
  now, fading = nil, fading + 1
end

--- Take everything off the screen until the text changes.
function M.hide()
  if now then
    hidden = { buf = now.prediction.buf, version = now.version }
  end
  M.clear()
end

--- Show an answer. What a person has hidden comes back only if they ask.
---@param one? zeta.Prediction
---@param explicit boolean
function M.take(one, explicit)
  local version = one and versions.of(one.buf)
  local is_hidden = hidden and one and hidden.buf == one.buf and hidden.version == version
  if not one or (is_hidden and not explicit) then
    M.clear()
    return
  end
  if now and now.prediction.buf ~= one.buf then
    M.clear()
  end
  hidden = nil
  keep(one)
end

--- What can be accepted: it is on the screen, and the text is the one it was made for.
---@return zeta.Prediction?
function M.live()
  if not now or not may_be_seen() then
    return nil
  end
  local one = now.prediction
  local is_true = api.nvim_get_current_buf() == one.buf
    and versions.of(one.buf) == now.version
  return is_true and one or nil
end

--- What was put in where the ghost text begins, if nothing else happened to the text.
---@return string[]?
local function typed()
  local shown = assert(now)
  local one = shown.prediction
  local first, buf = one.edits[1], one.buf
  local row, col = cursor(buf)
  local more = api.nvim_buf_line_count(buf) - shown.lines
  if not first or one.kind ~= 'ghost' or row - first.row ~= more or more < 0 then
    return nil
  end
  if (row == first.row and col < first.col) or behind(buf, row, col) ~= shown.tail then
    return nil
  end
  return api.nvim_buf_get_text(buf, first.row, first.col, row, col, {})
end

--- Let a diff stand until the answer to the change comes, if that is soon.
local function fade()
  local mine = fading + 1
  fading = mine
  keys.remove()
  vim.defer_fn(function()
    if fading == mine then
      M.clear()
    end
  end, FADE_MS)
end

--- The text changed.
function M.changed()
  if not now then
    return
  end
  local one = now.prediction
  if api.nvim_get_current_buf() ~= one.buf then
    M.clear()
    return
  end
  if versions.of(one.buf) == now.version then
    return
  end
  local text = typed()
  local left = text and prediction.along(one, text)
  if left and #left.edits > 0 then
    keep(left)
  elseif one.kind == 'diff' then
    fade()
  else
    M.clear()
  end
end

--- The cursor moved without a change of the text: ghost text is bound to its place.
function M.moved()
  local one = M.live()
  if not one or one.kind ~= 'ghost' or api.nvim_get_mode().mode:sub(1, 1) ~= 'i' then
    return
  end
  local row, col = cursor(one.buf)
  if row ~= one.at.row or col ~= one.at.col then
    M.clear()
  end
end

--- Insert mode ended, and with it ghost text: it is for who goes on typing.
function M.left_insert()
  if now and now.prediction.kind == 'ghost' then
    M.clear()
  end
end

--- A part of the ghost text was put into the text by us.
---@param left zeta.Prediction
function M.shortened(left)
  if #left.edits > 0 then
    keep(left)
  else
    M.clear()
  end
end

--- A menu opened or closed.
function M.refresh()
  if now and versions.of(now.prediction.buf) == now.version then
    redraw()
  end
end

return M
