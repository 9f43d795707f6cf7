-- Lenses: shown as Neovim does where it follows the server by itself (0.12),
-- else here; and pressed from anywhere in the entity that they belong to.
local M = {}

local method = 'textDocument/codeLens'
local follows = vim.lsp.codelens.enable ~= nil

---@param handler fun(err: lsp.ResponseError?, result: any, context: lsp.HandlerContext)
local function request(client, name, params, bufnr, handler)
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(name, params, handler, bufnr)
  else
    client.request(name, params, handler, bufnr)
  end
end

local function document(bufnr)
  return { textDocument = vim.lsp.util.make_text_document_params(bufnr) }
end

local function complain(problem)
  vim.notify('Flyte: ' .. problem, vim.log.levels.ERROR)
end

-- Buffers that wait for an answer, by client; true: ask again after it. The
-- answers then come in the order of what they tell.
---@type table<integer, table<integer, boolean>>
local asked = vim.defaulttable(function()
  return {}
end)

local function refresh(client, bufnr)
  if asked[client.id][bufnr] ~= nil then
    asked[client.id][bufnr] = true
    return
  end
  asked[client.id][bufnr] = false
  request(client, method, document(bufnr), bufnr, function(err, result, context)
    local again = asked[client.id][bufnr]
    asked[client.id][bufnr] = nil
    if not vim.api.nvim_buf_is_loaded(bufnr) then
      return
    end
    vim.lsp.codelens.on_codelens(err, result, context)
    if again then
      refresh(client, bufnr)
    end
  end)
end

--- The part of the client's configuration that lenses need.
function M.config()
  if follows then
    return {}
  end
  return {
    capabilities = vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), {
      workspace = { codeLens = { refreshSupport = true } },
    }),
    handlers = {
      ['workspace/codeLens/refresh'] = function(_, _, context)
        local client = assert(vim.lsp.get_client_by_id(context.client_id))
        for bufnr in pairs(client.attached_buffers) do
          refresh(client, bufnr)
        end
        return vim.NIL
      end,
    },
  }
end

--- Shows the buffer's lenses, and keeps them up to date.
function M.show(client, bufnr)
  if follows then
    vim.lsp.codelens.enable(true, { bufnr = bufnr })
    return
  end
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, {
    group = vim.api.nvim_create_augroup('flyte_lsp_lenses_' .. bufnr, {}),
    buffer = bufnr,
    callback = function()
      if vim.lsp.buf_is_attached(bufnr, client.id) then
        refresh(client, bufnr)
      end
    end,
  })
  refresh(client, bufnr)
end

-- The commands of the lenses in the last row of lenses at or above a line.
---@return lsp.Command[]
local function commands_above(lenses, line)
  local commands, row = {}, -1
  for _, lens in ipairs(lenses) do
    local at = lens.range.start.line
    if at <= line and at >= row and lens.command then
      if at > row then
        commands, row = {}, at
      end
      table.insert(commands, lens.command)
    end
  end
  return commands
end

--- Presses a lens of the entity at the cursor.
---@param wanted fun(command: lsp.Command): boolean
---@param first? boolean press the first lens that is wanted; else the user chooses
function M.press(wanted, first)
  local bufnr = vim.api.nvim_get_current_buf()
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'flyte_lsp' })[1]
  if not client then
    complain("the language server doesn't serve this file, see :help flyte_lsp-problems")
    return
  end
  local function execute(command)
    if command then
      local params = { command = command.command, arguments = command.arguments }
      request(client, 'workspace/executeCommand', params, bufnr, function(err)
        if err then
          complain(err.message)
        end
      end)
    end
  end
  request(client, method, document(bufnr), bufnr, function(err, result)
    local commands = vim.tbl_filter(wanted, commands_above(result or {}, line))
    if err then
      complain(err.message)
    elseif #commands == 0 then
      complain('no such lens at or above the cursor')
    elseif first or #commands == 1 then
      execute(commands[1])
    else
      local title = function(command)
        return command.title
      end
      vim.ui.select(commands, { prompt = 'Flyte:', kind = 'codelens', format_item = title }, execute)
    end
  end)
end

return M
