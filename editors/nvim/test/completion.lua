-- What a user sees and gets who completes while typing. It goes as JSON to
-- TEST_REPORT.
local report = vim.empty_dict()

local function finish(problem)
  report.problem = problem
  report.line = vim.api.nvim_get_current_line()
  vim.fn.writefile({ vim.json.encode(report) }, vim.env.TEST_REPORT)
  vim.cmd.quitall({ bang = true })
end

-- Goes on when the condition is met: keys are handled between the looks only.
local tries = 0
local function wait(what, condition, go_on)
  tries = tries + 1
  if condition() then
    go_on()
  elseif tries > 500 then
    finish(what .. ' is awaited in vain\n' .. vim.fn.execute('messages'))
  else
    vim.defer_fn(function()
      wait(what, condition, go_on)
    end, 20)
  end
end

local function type_keys(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 't', false)
end

vim.cmd.edit(vim.env.TEST_FILE)
vim.o.completeopt = 'menu,menuone,noselect'
wait('the server', function()
  return #vim.lsp.get_clients({ bufnr = 0, method = 'textDocument/completion' }) > 0
end, function()
  vim.fn.search('return count')
  type_keys('Owords = count(<C-x><C-o>')
  wait('the menu', function()
    return #vim.fn.complete_info({ 'items' }).items > 0
  end, function()
    report.items = vim.tbl_map(function(item)
      return item.abbr
    end, vim.fn.complete_info({ 'items' }).items)
    type_keys('<C-n><C-y>')
    wait('the item', function()
      return vim.fn.pumvisible() == 0
    end, finish)
  end)
end)
