-- What a user does in the quickstart, by keys. What Neovim then shows goes as
-- JSON to TEST_REPORT.
local report = vim.empty_dict()

local function wait(what, condition)
  assert(vim.wait(6000, condition, 20), what .. ' is awaited in vain')
end

-- What the screen shows, without floating windows.
local function screen()
  vim.cmd.redraw()
  local rows = {}
  for row = 1, vim.o.lines do
    local cells = {}
    for column = 1, vim.o.columns do
      table.insert(cells, vim.fn.screenstring(row, column))
    end
    table.insert(rows, (table.concat(cells):gsub('%s+$', '')))
  end
  return rows
end

-- The lenses of the line that begins with text: Neovim shows them above it
-- (0.12) or behind it.
local function lenses_of(text)
  local above = ''
  for _, row in ipairs(screen()) do
    if vim.startswith(row, text) then
      return above .. row:sub(#text + 1)
    end
    above = row
  end
  return ''
end

local function shows(text, lens)
  return function()
    return lenses_of(text):find(lens, 1, true) ~= nil
  end
end

local function type_keys(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'mx', false)
end

-- The user's answer where Neovim offers several lenses.
local function choose(title)
  vim.ui.select = function(items, options, on_choice)
    for _, item in ipairs(items) do
      if options.format_item(item):find(title, 1, true) then
        return on_choice(item)
      end
    end
    error('no lens ' .. title)
  end
end

local function floating_text()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
    end
  end
end

local function quickstart()
  vim.o.columns, vim.o.lines = 140, 40
  vim.cmd.edit(vim.env.TEST_FILE)
  vim.fn.search('^@workflow')
  wait('the lens', shows('@workflow', '▶ Run locally'))

  vim.fn.search('return rate')
  choose('Run locally')
  type_keys('\\fr')
  wait('the result', shows('@workflow', '✓ local'))
  report.lens = lenses_of('@workflow')

  vim.fn.search('def \\zsproduct_rating', 'b')
  type_keys('K')
  wait('the hover', floating_text)
  report.hover = floating_text()
  report.screen = table.concat(screen(), '\n') .. '\n\nHover:\n' .. report.hover

  vim.cmd.fclose()
  choose('Inputs')
  type_keys('\\fr')
  wait('the inputs document', function()
    return vim.bo.filetype == 'yaml'
  end)
  report.inputs = vim.api.nvim_buf_get_name(0)
  wait('the lens of the inputs document', shows('#', '▶ Run locally'))

  vim.cmd.buffer('#')
  vim.fn.search('return rate')
  vim.cmd.FlyteLog()
  wait('the log', function()
    return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'):find('fetched 4 reviews')
  end)
end

local ok, problem = xpcall(quickstart, debug.traceback)
if not ok then
  report.problem = problem .. '\n' .. table.concat(screen(), '\n') .. '\n' .. vim.fn.execute('messages')
end
vim.fn.writefile({ vim.json.encode(report) }, vim.env.TEST_REPORT)
vim.cmd.quitall({ bang = true })
