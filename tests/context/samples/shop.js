const fs = require("fs");
const { join, resolve: absolute } = require("path");
import { priceOf } from "./prices.js";
import defaultTax, * as taxes from "./taxes.js";

const VAT_RATE = 0.2;

class Basket extends Base {
  static limit = 20;
  #names = [];

  constructor(owner) {
    super();
    this.owner = owner;
  }

  get total() {
    return this.#names.reduce((sum, name) => sum + priceOf(name), 0);
  }

  *each() {
    yield* this.#names;
  }
}

function main(args) {
  const basket = new Basket(args[0]);
  return join(basket.owner, absolute(args[1]));
}

const save = async (path) => {
  await fs.promises.writeFile(path, VAT_RATE);
};

const routes = {
  list(request) {
    return request.basket;
  },
  clear: (request) => request.basket.clear(),
};

Basket.prototype.clear = function () {
  this.owner = null;
};

module.exports = { Basket, main };
exports.save = save;
