---@brief
--- The server, for `vim.lsp.enable('zeta')`. What differs from it goes into
--- `vim.lsp.config('zeta', { … })`; the rest of the plugin does not depend on the name.

--- Modules are loaded when they are called: reading this file costs nothing.
---@param module string
---@param name string
local function of(module, name)
  return function(...)
    return require(module)[name](...)
  end
end

--- The project of a file: what a marker says, else the working directory if the file lies in it.
--- Nobody means their home folder or the whole disk by that.
---@param buf integer
---@param on_dir fun(dir?: string)
local function root_dir(buf, on_dir)
  local here, name = assert(vim.uv.cwd()), vim.api.nvim_buf_get_name(buf)
  if vim.bo[buf].buftype ~= '' or name == '' then
    return -- no file, and nothing that the protocol has a name for
  end
  local marked = vim.fs.root(buf, vim.lsp.config.zeta.root_markers or {})
  local is_project = vim.startswith(vim.fs.normalize(name), vim.fs.normalize(here) .. '/')
    and not vim.startswith(vim.uv.os_homedir() .. '/', here .. '/')
  on_dir(marked or (is_project and here or nil))
end

---@type vim.lsp.Config
return {
  cmd = { 'zeta-lsp' },
  root_dir = root_dir,
  root_markers = { '.git', '.hg', '.jj' },
  capabilities = {
    -- Neovim 0.11 does not say so by itself, and would get completion items in place of ghost text.
    textDocument = { inlineCompletion = { dynamicRegistration = false } },
    experimental = { zetaBridge = true, zetaStatus = true },
  },
  handlers = {
    ['zeta/definitions'] = of('zeta.bridge', 'definitions'),
    ['zeta/typeDefinitions'] = of('zeta.bridge', 'type_definitions'),
    ['zeta/diagnostics'] = of('zeta.bridge', 'diagnostics'),
    ['window/showMessage'] = of('zeta.notice', 'message'),
    ['zeta/didChangeStatus'] = of('zeta.status', 'changed'),
  },
}
