-- A server inside the editor that answers when it is told to: attach with `fake.start()`.
local fake = { asked = {}, cancelled = {}, told = {} }

local CAPABILITIES = {
  positionEncoding = 'utf-16',
  textDocumentSync = { openClose = true, change = 2 },
  executeCommandProvider = { commands = { 'zeta.accept', 'zeta.reject' } },
  experimental = { zetaNextEdit = true },
}

local function rpc()
  local id = 0
  return {
    request = function(method, params, callback)
      id = id + 1
      local mine = id
      if method == 'initialize' then
        callback(nil, { capabilities = CAPABILITIES })
      elseif method == 'zeta/nextEdit' then
        fake.asked[#fake.asked + 1] = { id = mine, params = params, callback = callback }
      elseif method == 'workspace/executeCommand' then
        fake.told[#fake.told + 1] = { params.command, params.arguments[1].id }
        callback(nil, vim.NIL)
      else
        callback(nil, vim.NIL)
      end
      return true, mine
    end,
    notify = function(method, params)
      if method == '$/cancelRequest' then
        fake.cancelled[#fake.cancelled + 1] = params.id
      end
      return true
    end,
    is_closing = function() return false end,
    terminate = function() end,
  }
end

function fake.start()
  return vim.lsp.start({ name = 'fake', cmd = rpc }, { bufnr = 0 })
end

function fake.kinds()
  return vim.tbl_map(function(one) return one.params.context.triggerKind end, fake.asked)
end

-- Answer a question, counted from the first; "$uri" stands for the document's.
function fake.answer(number, result)
  local one = fake.asked[number]
  local uri = one.params.textDocument.uri
  for _, edit in ipairs(result.edits or {}) do
    edit.textDocument.uri = uri
  end
  one.callback(nil, result)
end

function fake.refuse(number)
  fake.asked[number].callback({ code = -32603, message = 'no' }, nil)
end

_G.fake = fake
