---@brief
--- `:Zeta`, one subcommand for each thing that can be done or asked.

local api = vim.api
local say = require('zeta.notice').say
local status = require('zeta.status')
local wire = require('zeta.wire')

local M = {}

--- The client of the current buffer; says so where there is none.
---@return vim.lsp.Client?
local function here()
  local client = wire.client(api.nvim_get_current_buf())
  if not client then
    say('No server predicts in this buffer (:checkhealth zeta).', vim.log.levels.WARN)
  end
  return client
end

---@param name string
---@return fun()
local function action(name)
  return function()
    require('zeta.actions')[name]()
  end
end

local function show_status()
  local client = here()
  if client then
    status.read(client, 0, function()
      require('zeta.window').show('status', status.describe())
    end)
  end
end

local function pause()
  local client = here()
  if client then
    wire.command(client, 'zeta.pause', {}, function(result)
      say(result and result.paused and 'Predictions are paused.' or 'Predictions go on.')
    end)
  end
end

--- The server asks for consent itself, and only the person's answer to that counts.
---@param word? string
local function capture(word)
  local commands = { on = 'zeta.captureOn', off = 'zeta.captureOff' }
  local client = here()
  if not client then
    return
  elseif not word then
    show_status()
  elseif not commands[word] then
    say(':Zeta capture [on|off]', vim.log.levels.ERROR)
  else
    wire.command(client, commands[word], { wire.position(client) }, function()
      status.read(client, 0)
    end)
  end
end

local function explain()
  local client = here()
  if client then
    require('zeta.explain').ask(client, function(lines)
      require('zeta.window').show('explain', lines)
    end)
  end
end

---@type table<string, fun(word?: string)>
local SUBCOMMANDS = {
  accept = action('accept'),
  ask = action('ask'),
  capture = capture,
  explain = explain,
  hide = action('hide'),
  line = action('accept_line'),
  pause = pause,
  reject = action('reject'),
  status = show_status,
  word = action('accept_word'),
}

---@param given vim.api.keyset.create_user_command.command_args
function M.run(given)
  local name, word = given.fargs[1] or 'status', given.fargs[2]
  local run = SUBCOMMANDS[name]
  if run then
    run(word)
  else
    say(('There is no :Zeta %s.'):format(name), vim.log.levels.ERROR)
  end
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local words = vim.split(vim.trim(line:sub(1, #line - #lead)), '%s+')
  local choices = vim.tbl_keys(SUBCOMMANDS)
  if #words > 1 then
    choices = words[2] == 'capture' and { 'off', 'on' } or {}
  end
  table.sort(choices)
  return vim.tbl_filter(function(choice)
    return vim.startswith(choice, lead)
  end, choices)
end

return M
