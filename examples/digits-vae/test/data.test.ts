// The digits, their split and their order.
import { key } from "@gumbel/core";
import { describe, expect, it } from "vitest";
import { loadDigits, PIXELS, permutation } from "../src/data.ts";

describe("loadDigits", () => {
  const digits = loadDigits(key(0), 1000);

  it("splits the package's 10,000 digits", () => {
    expect(digits.train.count).toBe(9000);
    expect(digits.heldOut.count).toBe(1000);
    expect(digits.train.pixels).toHaveLength(9000 * PIXELS);
  });

  it("binarises them, to about an eighth of ink", () => {
    expect(new Set(digits.heldOut.pixels)).toEqual(new Set([0, 1]));
    const ink = digits.train.pixels.reduce((sum, pixel) => sum + pixel, 0) / digits.train.pixels.length;
    expect(ink).toBeGreaterThan(0.1);
    expect(ink).toBeLessThan(0.16);
  });

  it("holds out the same digits for the same key, and others for another", () => {
    const heldOut = (split: number) => Buffer.from(loadDigits(key(split), 1000).heldOut.pixels.buffer);
    const expected = Buffer.from(digits.heldOut.pixels.buffer);
    expect(heldOut(0).equals(expected)).toBe(true);
    expect(heldOut(1).equals(expected)).toBe(false);
  });
});

describe("permutation", () => {
  it("is one: each number once, in an order that the key decides", () => {
    const order = permutation(key(3), 500);
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(permutation(key(3), 500)).toEqual(order);
    expect(permutation(key(4), 500)).not.toEqual(order);
  });
});
