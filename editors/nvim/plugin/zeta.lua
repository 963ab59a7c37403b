if vim.g.loaded_zeta or vim.fn.has('nvim-0.11') == 0 then
  return
end
vim.g.loaded_zeta = true

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('zeta', {}),
  desc = 'Show what a server predicts, if it does',
  callback = function(event)
    local client = require('zeta.wire').client(event.buf)
    if client and client.id == event.data.client_id then
      require('zeta.watch').attached(event.buf, client)
    end
  end,
})

vim.api.nvim_create_user_command('Zeta', function(given)
  require('zeta.command').run(given)
end, {
  nargs = '*',
  desc = 'Next-edit predictions',
  complete = function(lead, line)
    return require('zeta.command').complete(lead, line)
  end,
})

for _, action in ipairs({ 'accept', 'accept_word', 'accept_line', 'reject', 'hide', 'ask' }) do
  local plug = ('<Plug>(zeta-%s)'):format(action:gsub('_', '-'))
  vim.keymap.set({ 'n', 'i' }, plug, function()
    require('zeta')[action]()
  end, { desc = 'Zeta: ' .. action:gsub('_', ' ') })
end

vim.keymap.set('n', '<Plug>(zeta-accept)', function()
  return require('zeta.keys').as_operator()
end, { expr = true, desc = 'Zeta: accept, and again with .' })
