-- What vim.lsp.enable('flyte_lsp') starts (Neovim 0.11 and newer).
return require('flyte_lsp').config()
