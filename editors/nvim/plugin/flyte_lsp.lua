if vim.g.loaded_flyte_lsp then
  return
end
vim.g.loaded_flyte_lsp = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.notify('flyte_lsp needs Neovim 0.10 or newer', vim.log.levels.ERROR)
  return
end

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('flyte_lsp', {}),
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'flyte_lsp' then
      require('flyte_lsp').attach(client, event.buf)
    end
  end,
})

vim.api.nvim_create_user_command('FlyteRun', function(command)
  require('flyte_lsp').run(command.fargs[1])
end, {
  nargs = '?',
  complete = function()
    return { 'local', 'remote' }
  end,
  desc = 'Run the task, workflow or launch plan at the cursor',
})

vim.api.nvim_create_user_command('FlyteLog', function()
  require('flyte_lsp').log()
end, { desc = 'Open the log of the last local run of the entity at the cursor' })
