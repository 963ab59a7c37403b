---@brief
--- When a prediction is asked for, and which answers count.
---
--- After every change of the text at once, since the server paces what it asks the model; after the
--- cursor has moved and rested; and when a person wants it. One request is open at a time, a newer
--- one cancels it. An answer counts if text and cursor are still those it was asked for.

local api = vim.api
local config = require('zeta.config')
local core = require('zeta.core')
local notice = require('zeta.notice')
local prediction = require('zeta.prediction')
local shown = require('zeta.shown')
local versions = require('zeta.versions')
local wire = require('zeta.wire')

local M = {}

--- LSP's trigger kinds.
local BY_PERSON, BY_EDITOR = 1, 2

---@class zeta.Moment A text and a cursor in it.
---@field buf integer
---@field version integer
---@field row integer
---@field col integer

local timer = assert(vim.uv.new_timer())
local open ---@type { cancel: fun(), moment: zeta.Moment }?
local answered ---@type zeta.Moment?
local awaited ---@type integer? A buffer to ask in as soon as the server is attached to it.

---@return zeta.Moment
local function this_moment()
  local buf = api.nvim_get_current_buf()
  local row, col = unpack(api.nvim_win_get_cursor(0))
  return { buf = buf, version = versions.of(buf), row = row - 1, col = col }
end

--- Whether somebody edits here: in Insert or Normal mode, by hand.
---@param buf integer
---@return boolean
local function is_editing(buf)
  local mode = api.nvim_get_mode().mode
  local fits = mode == 'n' or mode:sub(1, 1) == 'i'
  return fits and vim.bo[buf].modifiable and vim.fn.reg_executing() == ''
end

--- A person asked and got nothing: say why.
---@param client vim.lsp.Client
---@param buf integer
---@param reason string
local function say_why(client, buf, reason)
  wire.request(client, 'zeta/status', vim.empty_dict(), buf, function(status)
    local told = type(status) == 'table' and status.explanation
    notice.say('No prediction: ' .. (type(told) == 'string' and told or reason))
  end)
end

---@param client vim.lsp.Client
---@param moment zeta.Moment
---@param explicit boolean
---@param reply any
local function take(client, moment, explicit, reply)
  open = nil
  if type(reply) ~= 'table' or not vim.deep_equal(moment, this_moment()) then
    return
  end
  answered = moment
  local one = is_editing(moment.buf) and prediction.read(reply, client, moment.buf, moment) or nil
  shown.take(one, explicit)
  if explicit and not one and type(reply.reason) == 'string' then
    say_why(client, moment.buf, reply.reason)
  end
end

---@param explicit boolean
local function send(explicit)
  local moment = this_moment()
  local client = wire.client(moment.buf)
  M.cancel()
  if not client then
    awaited = explicit and moment.buf or nil
    return
  end
  local params = wire.position(client) --[[@as table]]
  params.context = { triggerKind = explicit and BY_PERSON or BY_EDITOR }
  local cancel = wire.request(client, 'zeta/nextEdit', params, moment.buf, function(reply)
    take(client, moment, explicit, reply)
  end)
  open = { cancel = cancel, moment = moment }
end

--- Send it by itself, unless it was asked for this very moment.
local function send_if_new()
  local moment = this_moment()
  local is_known = vim.deep_equal(moment, answered)
    or (open ~= nil and vim.deep_equal(moment, open.moment))
  if not is_known and is_editing(moment.buf) then
    send(false)
  end
end

---@param wait_ms integer
local function send_later(wait_ms)
  timer:stop()
  timer:start(wait_ms, 0, vim.schedule_wrap(send_if_new))
end

--- Stop waiting for an answer, and for the cursor to rest.
function M.cancel()
  timer:stop()
  if open then
    open.cancel()
    open = nil
  end
end

--- The text changed.
function M.changed()
  local buf = api.nvim_get_current_buf()
  local client = wire.client(buf)
  if not client then
    return
  end
  local is_insert = api.nvim_get_mode().mode:sub(1, 1) == 'i'
  if is_insert and core.draws(client.id, buf) then
    send_later(core.LATER_MS)
  else
    send_if_new()
  end
end

--- The cursor moved.
function M.moved()
  if wire.client(api.nvim_get_current_buf()) then
    send_later(config.now.rest_ms)
  end
end

--- A person wants one.
function M.now()
  send(true)
end

--- A prediction was accepted: there may be more.
function M.on()
  answered = nil
  send_if_new()
end

--- The server is attached to a buffer.
---@param buf integer
function M.attached(buf)
  if awaited == buf and api.nvim_get_current_buf() == buf then
    awaited = nil
    send(true)
  end
end

return M
