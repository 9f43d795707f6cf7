-- A user's mistake, and how it is mended. What Neovim then has goes as JSON to
-- TEST_REPORT.
local report = vim.empty_dict()

local function wait(what, condition)
  assert(vim.wait(6000, condition, 20), what .. ' is awaited in vain')
end

-- The codes of what is marked in the buffer, in order.
local function marked()
  local found = vim.diagnostic.get(0)
  table.sort(found, function(a, b)
    return a.lnum < b.lnum
  end)
  return vim.tbl_map(function(diagnostic)
    return diagnostic.code
  end, found)
end

local function mistakes()
  dofile(vim.env.TEST_ON_SAVE)
  vim.cmd.edit(vim.env.TEST_FILE)
  wait('the first diagnostic', function()
    return #marked() == 1
  end)

  vim.fn.search('half(\\zsnumber=x')
  vim.api.nvim_feedkeys(vim.keycode('cenumbre<Esc>'), 'mx', false)
  wait('the diagnostic of the mistake', function()
    return vim.tbl_contains(marked(), 'call-unknown-input')
  end)
  report.marked = vim.tbl_filter(function(code)
    return code ~= 'call-missing-input'
  end, marked())

  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title == 'Rename to number'
    end,
  })
  wait('the code action', function()
    return #marked() == 1
  end)
  report.mended = marked()

  vim.cmd.write()
  report.saved = table.concat(vim.fn.readfile(vim.env.TEST_FILE), '\n') .. '\n'
end

local ok, problem = xpcall(mistakes, debug.traceback)
if not ok then
  report.problem = problem .. '\n' .. vim.inspect(vim.diagnostic.get(0)) .. '\n' .. vim.fn.execute('messages')
end
vim.fn.writefile({ vim.json.encode(report) }, vim.env.TEST_REPORT)
vim.cmd.quitall({ bang = true })
