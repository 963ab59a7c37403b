---@brief
--- Who else is on the screen, or wants Tab: the completion menu and a snippet that is being filled.
---
--- Plugins are only asked if they were loaded anyway; one that fails counts as quiet.

local M = {}

---@param module string
---@param name string
---@param ... any
---@return boolean
local function says(module, name, ...)
  local loaded = package.loaded[module]
  local ask = type(loaded) == 'table' and loaded[name]
  if not ask then
    return false
  end
  local ok, answer = pcall(ask, ...)
  return ok and answer == true
end

--- Whether a completion menu is open: Neovim's own, blink.cmp's or nvim-cmp's.
---@return boolean
function M.has_menu()
  return vim.fn.pumvisible() == 1 or says('blink.cmp', 'is_menu_visible') or says('cmp', 'visible')
end

--- Whether Tab goes on in a snippet: Neovim's own or LuaSnip's.
---@return boolean
function M.has_snippet()
  return vim.snippet.active({ direction = 1 }) or says('luasnip', 'locally_jumpable', 1)
end

--- Call somebody whenever a menu opens or closes.
---@param group integer An autocommand group.
---@param changed fun()
function M.watch(group, changed)
  vim.api.nvim_create_autocmd({ 'CompleteChanged', 'CompleteDone' }, {
    group = group,
    callback = vim.schedule_wrap(changed), -- the menu is not drawn yet, or still
  })
  vim.api.nvim_create_autocmd('User', {
    group = group,
    pattern = { 'BlinkCmpMenuOpen', 'BlinkCmpMenuClose' },
    callback = vim.schedule_wrap(changed),
  })
  local heard = false
  vim.api.nvim_create_autocmd('InsertEnter', {
    group = group,
    callback = function()
      local cmp = package.loaded['cmp']
      if heard or type(cmp) ~= 'table' or not cmp.event then
        return
      end
      heard = true
      cmp.event:on('menu_opened', vim.schedule_wrap(changed))
      cmp.event:on('menu_closed', vim.schedule_wrap(changed))
    end,
  })
end

return M
