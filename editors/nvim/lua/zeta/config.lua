---@brief
--- The options, their defaults, and what is wrong with those that were given.
---
--- Nothing here names a server, an endpoint or a key: those are `vim.lsp.config('zeta')`'s and the
--- server's own configuration, and a project cannot reach either.

local M = {}

---@alias zeta.Ghost
---| 'auto' Core inline completion draws ghost text where it is enabled, else the plugin does.
---| 'own' The plugin draws ghost text; core inline completion is off for this server.
---| 'core' Core inline completion draws ghost text (Neovim 0.12).

---@alias zeta.Mode 'n'|'i'
---@alias zeta.Key string|false|table<zeta.Mode, string|false>

---@class zeta.Keys
---@field accept zeta.Key Take what is shown, or go where the hint leads.
---@field accept_word zeta.Key Take the next word of ghost text.
---@field accept_line zeta.Key Take the next line of ghost text.
---@field reject zeta.Key Turn it down; it is not proposed here again soon.
---@field hide zeta.Key Out of sight until the text changes; the server is not told.
---@field ask zeta.Key Ask now. The only key that is mapped at all times.

---@class zeta.Config
---@field ghost zeta.Ghost
---@field rest_ms integer How long the cursor rests before the plugin asks without a change.
---@field with_menu boolean Whether ghost text stays while a completion menu is open.
---@field keys zeta.Keys

---@class zeta.Options
---@field ghost? zeta.Ghost
---@field rest_ms? integer
---@field with_menu? boolean
---@field keys? { accept?: zeta.Key, accept_word?: zeta.Key, accept_line?: zeta.Key, reject?: zeta.Key, hide?: zeta.Key, ask?: zeta.Key }

---@type zeta.Config
local defaults = {
  ghost = 'auto',
  rest_ms = 150,
  with_menu = false,
  keys = {
    accept = '<Tab>',
    accept_word = '<M-w>',
    accept_line = '<M-l>',
    reject = { n = '<Esc>', i = '<C-]>' },
    hide = '<M-h>',
    ask = '<M-n>',
  },
}

local GHOSTS = { auto = true, own = true, core = true }

--- The options in force.
---@type zeta.Config
M.now = vim.deepcopy(defaults)

--- What was wrong with the options that were given last.
---@type string[]
M.problems_found = {}

---@param key any
---@return boolean
local function is_key(key)
  if type(key) ~= 'table' then
    return key == false or type(key) == 'string'
  end
  for mode, lhs in pairs(key) do
    if (mode ~= 'n' and mode ~= 'i') or (lhs ~= false and type(lhs) ~= 'string') then
      return false
    end
  end
  return true
end

---@param options any
---@param known table
---@param prefix string
---@return string[]
local function unknown(options, known, prefix)
  local found = {}
  for name in pairs(options) do
    if known[name] == nil then
      found[#found + 1] = ('there is no option %s%s'):format(prefix, name)
    end
  end
  table.sort(found)
  return found
end

---@type table<string, { is: (fun(value: any): boolean), else_: string }>
local CHECKS = {
  ghost = {
    is = function(value)
      return GHOSTS[value] == true
    end,
    else_ = "ghost is 'auto', 'own' or 'core'",
  },
  rest_ms = {
    is = function(value)
      return type(value) == 'number' and value >= 0
    end,
    else_ = 'rest_ms is a number of milliseconds',
  },
  with_menu = {
    is = function(value)
      return type(value) == 'boolean'
    end,
    else_ = 'with_menu is true or false',
  },
  keys = {
    is = function(value)
      return type(value) == 'table'
    end,
    else_ = 'keys is a table',
  },
}

---@param keys any
---@return string[]
local function problems_of_keys(keys)
  if type(keys) ~= 'table' then
    return {}
  end
  local found = unknown(keys, defaults.keys, 'keys.')
  for name, key in vim.spairs(keys) do
    if defaults.keys[name] ~= nil and not is_key(key) then
      found[#found + 1] = ('keys.%s is a key, false, or a table of them by mode'):format(name)
    end
  end
  return found
end

--- What is wrong with options, a sentence each.
---@param options any
---@return string[]
function M.problems(options)
  if type(options) ~= 'table' then
    return { 'the options are a table' }
  end
  local found = unknown(options, defaults, '')
  for name, check in vim.spairs(CHECKS) do
    if options[name] ~= nil and not check.is(options[name]) then
      found[#found + 1] = check.else_
    end
  end
  return vim.list_extend(found, problems_of_keys(options.keys))
end

--- Take options over the defaults. With a problem in them nothing is taken.
---@param options? zeta.Options
---@return string[] problems
function M.set(options)
  local problems = M.problems(options or {})
  M.problems_found = problems
  if #problems == 0 then
    M.now = vim.tbl_deep_extend('force', vim.deepcopy(defaults), options or {})
    -- A table of keys is one value: who maps it in one mode does not want the default in the other.
    for name, key in pairs((options or {}).keys or {}) do
      M.now.keys[name] = key
    end
  end
  return problems
end

--- What is to be pressed for an action in a mode.
---@param action string
---@param mode zeta.Mode
---@return string? lhs
function M.key(action, mode)
  local key = M.now.keys[action]
  if type(key) == 'table' then
    key = key[mode]
  end
  return key and key ~= '' and key --[[@as string]] or nil
end

return M
