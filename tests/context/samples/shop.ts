import fs from "node:fs";
import * as path from "path";
import type { Price, Currency as Money } from "./prices";
import "./polyfill";
export { Discount } from "./discount";
export * from "./taxes";

const VAT_RATE = 0.2;

export enum Kind {
  Food = "food",
  Tools = "tools",
}

export interface Stored<T> extends Base {
  readonly id: string;
  load(name: string): Promise<T>;
}

export type Names = readonly string[];

export abstract class Basket<T extends Stored<T>> implements Iterable<T> {
  private readonly names: string[] = [];
  static limit = 20;

  constructor(private readonly owner: string) {
    super();
  }

  get total(): number {
    return this.names.length * (1 + VAT_RATE);
  }

  abstract save(target: string): Promise<void>;

  add = (name: string): void => {
    const trimmed = name.trim();
    this.names.push(trimmed);
  };
}

export const priceOf = (name: string): Price => {
  return lookUp(name);
};

export default function main(args: string[]): number {
  const basket = new Basket<string>(path.join(...args));
  return basket.total;
}

declare module "shop" {
  function restock(count: number): void;
}

namespace Internal {
  export let counter = 0;
}
