---@brief
--- Turns what happens in the editor into calls of the other modules. Begins with the first server.

local api = vim.api
local ask = require('zeta.ask')
local core = require('zeta.core')
local draw = require('zeta.draw')
local keys = require('zeta.keys')
local neighbours = require('zeta.neighbours')
local shown = require('zeta.shown')
local status = require('zeta.status')
local versions = require('zeta.versions')
local wire = require('zeta.wire')

local M = {}

local started = false

--- Modes in which a prediction has no place: text is selected, replaced, or not typed by hand.
local ELSEWHERE = '^[vV\22sS\19Rt]'

---@param group integer
---@param events string|string[]
---@param callback fun(event: vim.api.keyset.create_autocmd.callback_args)
---@param pattern? string
local function on(group, events, callback, pattern)
  api.nvim_create_autocmd(events, { group = group, callback = callback, pattern = pattern })
end

local function changed()
  shown.changed()
  ask.changed()
end

local function moved()
  shown.moved()
  ask.moved()
end

local function left()
  ask.cancel()
  shown.clear()
end

---@param buf integer
local function entered(buf)
  local client = wire.client(buf)
  if client then
    wire.focus(client, buf)
  end
end

local function start()
  started = true
  local group = api.nvim_create_augroup('zeta.watch', {})
  draw.highlights()
  on(group, 'ColorScheme', draw.highlights)
  on(group, { 'TextChanged', 'TextChangedI', 'TextChangedP' }, changed)
  on(group, { 'CursorMoved', 'CursorMovedI', 'InsertEnter' }, moved)
  on(group, { 'BufLeave', 'WinLeave', 'BufUnload', 'CmdwinEnter' }, left)
  on(group, { 'BufEnter', 'FocusGained' }, function(event)
    entered(event.buf)
  end)
  on(group, 'LspDetach', function(event)
    local one = shown.live()
    if one and one.buf == event.buf and one.client_id == event.data.client_id then
      left()
    end
  end)
  on(group, 'ModeChanged', function(event)
    local mode = event.match:match(':(.*)$')
    if mode:find(ELSEWHERE) then
      left()
    elseif event.match:find('^i.*:n') then
      shown.left_insert()
    end
  end)
  neighbours.watch(group, shown.refresh)
end

--- A server that predicts is attached to a buffer.
---@param buf integer
---@param client vim.lsp.Client
function M.attached(buf, client)
  if not started then
    start()
  end
  versions.follow(buf)
  core.arrange(client, buf)
  keys.attach(buf)
  if buf == api.nvim_get_current_buf() then
    entered(buf)
  end
  status.read(client, buf)
  ask.attached(buf)
end

return M
