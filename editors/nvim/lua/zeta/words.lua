---@brief
--- The parts of ghost text that a person takes one at a time.

local M = {}

local BLANK = 0

--- How many bytes of a text its first word takes: characters of one class (letters and digits as
--- 'iskeyword' has them, or signs, as for |w|), with the blanks in front of them.
---@param text string
---@return integer
local function length(text)
  local bytes, class = 0, BLANK
  for _, char in ipairs(vim.fn.split(text, '\\zs')) do
    local its = vim.fn.charclass(char)
    if class ~= BLANK and its ~= class then
      break
    end
    bytes, class = bytes + #char, its
  end
  return bytes
end

--- The next word. A line end counts as a blank.
---@param lines string[]
---@return string[]
function M.word(lines)
  local taken = {}
  for i, line in ipairs(lines) do
    if line:find('%S') or i == #lines then
      taken[i] = line:sub(1, length(line))
      break
    end
    taken[i] = line
  end
  return taken
end

--- The next line, with its end; the rest of the text where only one line is left.
---@param lines string[]
---@return string[]
function M.line(lines)
  return #lines > 1 and { lines[1], '' } or lines
end

return M
