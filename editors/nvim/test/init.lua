-- A user's configuration. The paths come from nvim_test.go.
vim.opt.runtimepath:prepend(vim.env.TEST_PLUGIN)
require('flyte_lsp').setup({
  path = vim.env.TEST_SERVER,
  settings = { python = vim.env.TEST_PYTHON },
})
