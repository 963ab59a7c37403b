---@brief
--- Keys. All but one belong to us only while something of ours is on the screen: they are mapped in
--- that buffer when it is drawn and given back when it goes, so whatever they meant before (an
--- indent, a menu's Tab, a snippet's) they mean at all other times, and nothing has to be replayed.

local api = vim.api
local config = require('zeta.config')
local neighbours = require('zeta.neighbours')

local M = {}

---@type table<string, string[]> What is mapped while which kind is shown.
local ACTIONS = {
  ghost = { 'accept', 'accept_word', 'accept_line', 'reject', 'hide' },
  diff = { 'accept', 'reject', 'hide' },
  jump = { 'accept', 'reject', 'hide' },
}
local MODES = { 'n', 'i' } ---@type zeta.Mode[]

---@class zeta.Mapped
---@field mode zeta.Mode
---@field lhs string
---@field before? table<string, any> The buffer's own mapping that stood there.
---@field callback function

local mapped = {} ---@type zeta.Mapped[]
local installed ---@type { buf: integer, kind: string, snippet: boolean }?

--- In Normal mode accepting runs as an operator, so that |.| takes the next prediction as well.
---@return string
function M.as_operator()
  vim.o.operatorfunc = "v:lua.require'zeta.actions'.repeatable"
  return 'g@l'
end

---@param action string
---@param mode zeta.Mode
---@return fun(): string?
local function runner(action, mode)
  if mode == 'n' and action == 'accept' then
    return function()
      return M.as_operator()
    end
  end
  return function()
    require('zeta.actions')[action]()
  end
end

---@param buf integer
---@param mode zeta.Mode
---@param lhs string
---@return table<string, any>? mapping
local function buffers_own(buf, mode, lhs)
  local found = api.nvim_buf_call(buf, function()
    return vim.fn.maparg(lhs, mode, false, true)
  end)
  return found.buffer == 1 and found or nil
end

---@param buf integer
---@param action string
---@param mode zeta.Mode
local function map(buf, action, mode)
  local lhs = config.key(action, mode)
  if not lhs then
    return
  end
  local run = runner(action, mode)
  mapped[#mapped + 1] =
    { mode = mode, lhs = lhs, before = buffers_own(buf, mode, lhs), callback = run }
  vim.keymap.set(mode, lhs, run, {
    buffer = buf,
    nowait = true,
    expr = mode == 'n' and action == 'accept',
    desc = 'Zeta: ' .. action:gsub('_', ' '),
  })
end

---@param buf integer
---@param one zeta.Mapped
local function unmap(buf, one)
  local is_ours = (buffers_own(buf, one.mode, one.lhs) or {}).callback == one.callback
  if not is_ours then
    return -- somebody has mapped it since
  end
  vim.keymap.del(one.mode, one.lhs, { buffer = buf })
  if one.before then
    api.nvim_buf_call(buf, function()
      vim.fn.mapset(one.mode, false, one.before)
    end)
  end
end

--- Give the keys back.
function M.remove()
  if installed and api.nvim_buf_is_loaded(installed.buf) then
    for _, one in ipairs(mapped) do
      unmap(installed.buf, one)
    end
  end
  mapped, installed = {}, nil
end

--- Map the keys of what is shown. A snippet that is being filled keeps its key.
---@param buf integer
---@param kind zeta.Kind
function M.install(buf, kind)
  local snippet = neighbours.has_snippet() or neighbours.has_menu()
  local wanted = { buf = buf, kind = kind, snippet = snippet }
  if vim.deep_equal(installed, wanted) then
    return
  end
  M.remove()
  for _, action in ipairs(ACTIONS[kind]) do
    for _, mode in ipairs(MODES) do
      if not (snippet and mode == 'i' and action == 'accept') then
        map(buf, action, mode)
      end
    end
  end
  installed = wanted
end

--- Map the key that asks.
---@param buf integer
function M.attach(buf)
  for _, mode in ipairs(MODES) do
    local lhs = config.key('ask', mode)
    if lhs then
      local options = { buffer = buf, desc = 'Zeta: ask for a prediction' }
      vim.keymap.set(mode, lhs, runner('ask', mode), options)
    end
  end
end

return M
