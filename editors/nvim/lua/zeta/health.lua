---@brief
--- `:checkhealth zeta`: is everything there, does it work, what to change.
---
--- What the server thinks of its configuration, the endpoint and the latency, `zeta-lsp doctor` says.

local config = require('zeta.config')
local health = vim.health

local M = {}

local DOCTOR_MS = 30000

---@param cmd any
---@return string[]? The server's command without the words that only say "serve".
local function program(cmd)
  if type(cmd) ~= 'table' then
    return nil
  end
  return vim.tbl_filter(function(word)
    return word ~= 'serve' and word ~= '--stdio'
  end, cmd)
end

local function neovim()
  health.start('zeta: Neovim')
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.11') == 0 then
    health.error(version, 'Neovim 0.11 or newer is needed')
  elseif vim.lsp.inline_completion then
    health.ok(version .. ', with inline completion of its own')
  else
    health.ok(version .. ', the plugin draws ghost text itself')
  end
  for _, problem in ipairs(config.problems_found) do
    health.error(problem, { 'see :help zeta-options' })
  end
end

---@param report any What `zeta-lsp doctor --json` printed.
local function findings(report)
  local say = { ok = health.ok, warn = health.warn, fail = health.error, error = health.error }
  for _, check in ipairs(report.checks or {}) do
    local text = ('%s: %s'):format(check.name, check.detail)
    local advice = check.advice ~= '' and check.status ~= 'ok' and { check.advice } or nil
    local tell = say[check.status] or health.info
    tell(text, advice)
  end
  health.info(report.summary)
end

---@param words string[]
---@param arguments string[]
---@return vim.SystemCompleted
local function run(words, arguments)
  local argv = vim.list_extend(vim.deepcopy(words), arguments)
  local env = vim.lsp.config.zeta.cmd_env
  return vim.system(argv, { text = true, timeout = DOCTOR_MS, env = env }):wait()
end

local function server()
  health.start('zeta: server')
  local words = program(vim.lsp.config.zeta.cmd)
  if not words then
    health.info('the server is started by a function of yours')
    return
  end
  if vim.fn.executable(words[1]) == 0 then
    health.error(("'%s' is not on the path"):format(words[1]), {
      'install it: pipx install zeta-lsp',
      "or say where it is: vim.lsp.config('zeta', { cmd = { '/path/to/zeta-lsp' } })",
    })
    return
  end
  local version = run(words, { '--version' })
  if version.code ~= 0 then
    health.error(('%s --version failed: %s'):format(words[1], vim.trim(version.stderr or '')))
    return
  end
  health.ok(('%s (%s)'):format(vim.trim(version.stdout), vim.fn.exepath(words[1])))
  local doctor = run(words, { 'doctor', '--json' })
  local ok, report = pcall(vim.json.decode, doctor.stdout or '')
  if ok and type(report) == 'table' then
    findings(report)
  else
    health.warn('zeta-lsp doctor did not finish', { 'run it in a shell: zeta-lsp doctor' })
  end
end

local function clients()
  health.start('zeta: in this session')
  local found = vim.tbl_filter(function(client)
    return vim.tbl_get(client.server_capabilities or {}, 'experimental', 'zetaNextEdit') == true
  end, vim.lsp.get_clients())
  for _, client in ipairs(found) do
    local buffers = vim.tbl_count(client.attached_buffers)
    local where = client.root_dir or 'no project'
    health.ok(('client %s: %d buffer(s), %s'):format(client.name, buffers, where))
    if client.name:lower():find('copilot', 1, true) then
      health.info('its name says Copilot: it is left to sidekick.nvim or copilot-lsp')
    end
  end
  if #found == 0 then
    health.warn('no server that predicts is running', {
      "require('zeta').setup(), or vim.lsp.enable('zeta'), starts one with the first file",
    })
  end
end

local function drawing()
  local core = vim.lsp.inline_completion
  local enabled = core and core.is_enabled()
  if config.now.ghost == 'core' and not core then
    health.warn("ghost = 'core' needs Neovim 0.12; the plugin draws ghost text itself")
  elseif config.now.ghost == 'core' or (config.now.ghost == 'auto' and enabled) then
    health.info('core inline completion draws ghost text')
  else
    health.info('the plugin draws ghost text')
  end
  for _, action in ipairs({ 'accept', 'accept_word', 'accept_line', 'reject', 'hide', 'ask' }) do
    local insert, normal = config.key(action, 'i') or 'none', config.key(action, 'n') or 'none'
    health.info(('%-12s %s in Insert mode, %s in Normal mode'):format(action, insert, normal))
  end
end

--- What `:checkhealth zeta` runs.
function M.check()
  neovim()
  server()
  clients()
  drawing()
end

return M
