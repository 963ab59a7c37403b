local json = require("cjson")
local prices = require "shop.prices"
require("shop.polyfill")

local VAT_RATE = 0.2
LIMIT = 20

local Basket = {}
Basket.__index = Basket

function Basket.new(names)
  return setmetatable({ names = names, count = #names }, Basket)
end

function Basket:total()
  local sum = 0
  for _, name in ipairs(self.names) do
    sum = sum + prices.of(name)
  end
  return sum * (1 + VAT_RATE)
end

Basket.save = function(self, path)
  local file = io.open(path, "w")
  file:write(json.encode(self.names))
  file:close()
end

local function trimmed(name)
  return name:match("^%s*(.-)%s*$")
end

local handlers = {
  list = function(request) return request.basket end,
  clear = trimmed,
}

function main(args)
  print(Basket.new(args):total())
end

return Basket
