// The fast path of CPU backends gives blockOf's words.
import fc from "fast-check";
import { expect, it } from "vitest";
import { blockOf, fillBlocks, wordOf } from "../src/adapter.ts";

it("fillBlocks gives blockOf's words from any start, over rows and 32-bit carries", () => {
  const word = fc.nat(2 ** 32 - 1);
  const nearCarry = fc
    .tuple(fc.nat(2 ** 20), fc.integer({ min: -40, max: 40 }))
    .map(([high, low]) => Math.max(0, high * 2 ** 32 + low));
  fc.assert(
    fc.property(
      fc.tuple(word, word),
      fc.oneof(nearCarry, fc.nat(100)),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(2 ** 32),
      fc.nat(30),
      fc.integer({ min: 0, max: 40 }),
      (key, offset, columns, gap, start, length) => {
        const layout = { offset, columns, rowStride: columns + gap };
        const [words, lows] = [new Int32Array(length), new Int32Array(length)];
        fillBlocks(key, layout, start, words, lows);
        const blocks = Array.from({ length }, (_, i) => blockOf(key, layout, start + i));
        expect(Array.from(words, (value) => value >>> 0)).toEqual(blocks.map(([x0, x1]) => wordOf(x0, x1)));
        expect(Array.from(lows, (value) => value >>> 0)).toEqual(blocks.map(([, x1]) => x1));
      },
    ),
  );
});
