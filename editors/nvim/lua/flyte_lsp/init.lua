local lenses = require('flyte_lsp.lenses')

local M = {}

---@class flyte_lsp.Options
---@field path? string the server; default: flyte-lsp on PATH, else the one built in the checkout that the plugin is part of
---@field key? string|false the key that offers the lenses at the cursor
---@field settings? table what the server's documentation lists under `flyte`

---@type flyte_lsp.Options
local options = { key = '<leader>fr', settings = {} }

---@return string
local function path()
  if options.path then
    return vim.fs.normalize(options.path)
  end
  local plugin = vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))))
  local built = vim.fs.normalize(plugin .. '/../../bin/flyte-lsp')
  local on_path = vim.fn.executable('flyte-lsp') == 1
  return not on_path and vim.fn.executable(built) == 1 and built or 'flyte-lsp'
end

-- The root of the buffer's project, nil if the server has no use for the
-- buffer: of YAML it takes the inputs documents that it wrote itself.
---@return string?
local function root(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  if name == '' or vim.bo[bufnr].buftype ~= '' then
    return nil
  end
  local folder, inputs = vim.fs.dirname(name), '/.flyte/inputs'
  if vim.bo[bufnr].filetype == 'yaml' then
    if not vim.endswith(folder, inputs) then
      return nil
    end
    folder = folder:sub(1, -#inputs - 1)
  end
  return vim.fs.root(bufnr, { '.git', 'pyproject.toml' }) or folder
end

--- The client's configuration, in the form of |vim.lsp.config()|.
---@return table
function M.config()
  local config = {
    cmd = { path(), 'serve' },
    filetypes = { 'python', 'go', 'yaml' },
    root_dir = function(bufnr, on_dir)
      local folder = root(bufnr)
      if folder then
        on_dir(folder)
      end
    end,
    settings = { flyte = options.settings },
  }
  return vim.tbl_extend('error', config, lenses.config())
end

--- Starts the server for the files that are opened from now on, and for those
--- that are open.
---@param opts? flyte_lsp.Options
function M.setup(opts)
  options = vim.tbl_deep_extend('force', options, opts or {})
  local config = M.config()
  if vim.fn.executable(config.cmd[1]) == 0 then
    local problem = "flyte_lsp: %s can't be started: put flyte-lsp on PATH, or name it with require('flyte_lsp').setup({ path = ... })"
    vim.notify(problem:format(config.cmd[1]), vim.log.levels.ERROR)
    return
  end
  if vim.lsp.config then
    vim.lsp.config('flyte_lsp', config)
    vim.lsp.enable('flyte_lsp')
    return
  end

  local function start(bufnr)
    local folder = root(bufnr)
    if folder then
      local client = vim.tbl_extend('force', config, { name = 'flyte_lsp', root_dir = folder })
      vim.lsp.start(client, { bufnr = bufnr })
    end
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('flyte_lsp_start', {}),
    pattern = config.filetypes,
    callback = function(event)
      start(event.buf)
    end,
  })
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(bufnr) and vim.list_contains(config.filetypes, vim.bo[bufnr].filetype) then
      start(bufnr)
    end
  end
end

--- Shows the lenses of a buffer that the client has attached to.
function M.attach(client, bufnr)
  lenses.show(client, bufnr)
  if options.key then
    vim.keymap.set('n', options.key, function()
      M.run()
    end, { buffer = bufnr, desc = 'Flyte: press a lens of the entity at the cursor' })
  end
end

--- Presses a lens of the entity at the cursor.
---@param target? 'local'|'remote' which run to start; nil: offer all lenses
function M.run(target)
  lenses.press(function(command)
    return not target or (command.command == 'flyte.run' and command.arguments[1].target == target)
  end)
end

--- Opens the log of the entity at the cursor: of the run that goes on, else of
--- the last local one.
function M.log()
  lenses.press(function(command)
    return command.command == 'flyte.openLog'
  end, true)
end

return M
