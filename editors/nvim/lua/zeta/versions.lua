---@brief
--- Which text a buffer holds, as a number that grows when the text changes and at no other time.
---
--- `b:changedtick` grows with a `:write` as well, which makes no other text: what was predicted for
--- it is still true. For a buffer that is not followed it has to do.

local api = vim.api

local M = {}

local versions = {} ---@type table<integer, integer>

--- Count the changes of a buffer from now on.
---@param buf integer
function M.follow(buf)
  if versions[buf] then
    return
  end
  local function grow()
    versions[buf] = versions[buf] + 1
  end
  versions[buf] = 0
  api.nvim_buf_attach(buf, false, {
    on_lines = grow,
    on_reload = grow,
    on_detach = function()
      versions[buf] = nil
    end,
  })
end

---@param buf integer
---@return integer
function M.of(buf)
  return versions[buf] or api.nvim_buf_get_changedtick(buf)
end

return M
