import { key, threefry2x32 } from "@gumbel/core";
import { gumbelOf, wordOf } from "@gumbel/core/adapter";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blockWgsl, isDegenerateWgsl, isMaskedWgsl, nanValueWgsl, noiseWgsl } from "../src/wgsl/index.ts";
import { createDevice } from "./dawn.ts";
import { runWgsl } from "./run-wgsl.ts";

let device: GPUDevice;
beforeAll(async () => {
  device = await createDevice();
});
afterAll(() => device.destroy());

/** Words that reach every corner of a 32-bit integer: all single bits, their neighbours, and the multiples of an odd number. */
function gumbelOfBlock(x0: number, x1: number, precision: "full" | "jax"): number {
  return gumbelOf(wordOf(x0, x1), x1, precision);
}

const CORNERS: number[] = [
  ...Array.from({ length: 32 }, (_, bit) => [2 ** bit, 2 ** bit - 1, 2 ** 32 - 2 ** bit]).flat(),
  ...Array.from({ length: 64 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 0),
];

const hex = (words: ArrayLike<number>) => Array.from(words, (word) => word.toString(16)).join(" ");

describe("integers", () => {
  test("threefry_2x32 gives the reference's blocks", async () => {
    const input = Uint32Array.from(
      CORNERS.flatMap((word, i) => [word, CORNERS[(7 * i + 3) % CORNERS.length]]),
    );
    const n = CORNERS.length;
    const block = `threefry_2x32(vec2(input[2u * (i % ${n}u)], ~i), vec2(i * 77u, input[2u * (i % ${n}u) + 1u]))`;
    for (const word of ["x", "y"] as const) {
      const words = await runWgsl(device, blockWgsl, `${block}.${word}`, input, n);
      const expected = Array.from({ length: n }, (_, i) => {
        const [x0, x1] = threefry2x32(input[2 * i], ~i >>> 0, Math.imul(i, 77) >>> 0, input[2 * i + 1]);
        return word === "x" ? x0 : x1;
      });
      expect(hex(words)).toBe(hex(expected));
    }
  });

  test("counter_of is offset + row·rowStride + column modulo 2⁶⁴", async () => {
    const n = CORNERS.length;
    const pick = (i: number, step: number) => CORNERS[(step * i + step) % n];
    const rows = Array.from({ length: n }, (_, i) => [1, 3, 5, 7, 11, 13].map((step) => pick(i, step)));
    const at = (field: number) => `input[6u * i + ${field}u]`;
    const counter = `counter_of(vec2(${at(0)}, ${at(1)}), vec2(${at(2)}, ${at(3)}), ${at(4)}, ${at(5)})`;
    const input = Uint32Array.from(rows.flat());
    const hi = await runWgsl(device, blockWgsl, `${counter}.x`, input, n);
    const lo = await runWgsl(device, blockWgsl, `${counter}.y`, input, n);
    const expected = rows.map(([offsetHi, offsetLo, strideHi, strideLo, row, column]) => {
      const offset = (BigInt(offsetHi) << 32n) | BigInt(offsetLo);
      const stride = (BigInt(strideHi) << 32n) | BigInt(strideLo);
      return BigInt.asUintN(64, offset + stride * BigInt(row) + BigInt(column));
    });
    expect(hex(hi)).toBe(hex(expected.map((counter) => Number(counter >> 32n))));
    expect(hex(lo)).toBe(hex(expected.map((counter) => Number(counter & 0xffffffffn))));
  });
});

describe.each(["full", "jax"] as const)("noise of precision %s", (precision) => {
  /** Blocks whose uniforms are as near to 0, ½ and 1 as they come, and everything in between. */
  const blocks: number[] = [];
  for (const word of CORNERS) {
    for (const x1 of [0, 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, word]) {
      for (const w of [word, ~word >>> 0, word + 2 ** 31]) blocks.push((w ^ x1) >>> 0, x1);
    }
  }
  const input = Uint32Array.from(blocks);
  const count = blocks.length / 2;
  const block = "vec2(input[2u * i], input[2u * i + 1u])";

  test("gumbel_of stays within 2⁻²⁰·max(1, |g|) of float64 in every corner", async () => {
    const words = await runWgsl(
      device,
      noiseWgsl(precision),
      `bitcast<u32>(gumbel_of(${block}))`,
      input,
      count,
    );
    expect(
      worstNoiseError(new Float32Array(words.buffer), (i) => [input[2 * i], input[2 * i + 1]]),
    ).toBeLessThan(2 ** -20);
  });

  test("exponential_of keeps −log u to 4 ulp in every corner", async () => {
    const words = await runWgsl(
      device,
      noiseWgsl(precision),
      `bitcast<u32>(exponential_of(${block}))`,
      input,
      count,
    );
    const values = new Float32Array(words.buffer);
    let worst = 0;
    for (let i = 0; i < count; i++) {
      const expected = Math.exp(-gumbelOfBlock(input[2 * i], input[2 * i + 1], precision));
      worst = Math.max(worst, Math.abs(values[i] / expected - 1));
    }
    expect(worst).toBeLessThan(4 * 2 ** -23);
  });

  test(shortened("gumbel_of stays within 2⁻²⁰·max(1, |g|) of float64 at 10⁷ elements", "10⁶"), async () => {
    const count = isFullRun ? 1e7 : 1e6;
    const words = await runWgsl(
      device,
      blockWgsl + noiseWgsl(precision),
      "bitcast<u32>(gumbel_of(threefry_2x32(vec2(input[0], input[1]), vec2(0u, i))))",
      Uint32Array.from(key(7)),
      count,
    );
    const [k0, k1] = key(7);
    expect(worstNoiseError(new Float32Array(words.buffer), (i) => threefry2x32(k0, k1, 0, i))).toBeLessThan(
      2 ** -20,
    );
  }, 120_000);

  function worstNoiseError(values: Float32Array, blockAt: (i: number) => readonly [number, number]): number {
    let worst = 0;
    for (let i = 0; i < values.length; i++) {
      const expected = gumbelOfBlock(...blockAt(i), precision);
      // A NaN must not slip through: Math.max keeps it, and NaN is not less than any bound.
      worst = Math.max(worst, Math.abs(values[i] - expected) / Math.max(1, Math.abs(expected)));
    }
    return worst;
  }
});

describe("classes of floats", () => {
  const floats = [0, -0, 1, -1, 1e-45, 3.4e38, -3.4e38, Infinity, -Infinity, NaN];
  const bits = new Uint32Array(new Float32Array(floats).buffer);
  /** The default NaN, a signalling one, negative ones, and the largest payload. */
  const input = Uint32Array.from([...bits, 0x7f800001, 0xff800001, 0xffc00000, 0x7fffffff, 0xffffffff]);

  test("is_degenerate finds NaN and +∞ alone", async () => {
    const words = await runWgsl(
      device,
      isDegenerateWgsl,
      "u32(is_degenerate(input[i]))",
      input,
      input.length,
    );
    const values = new Float32Array(input.buffer);
    expect(Array.from(words)).toEqual(Array.from(values, (x) => Number(Number.isNaN(x) || x === Infinity)));
  });

  test("is_masked finds −∞ alone", async () => {
    const words = await runWgsl(device, isMaskedWgsl, "u32(is_masked(input[i]))", input, input.length);
    expect(Array.from(words)).toEqual(
      Array.from(new Float32Array(input.buffer), (x) => Number(x === -Infinity)),
    );
  });

  test("nan_value is NaN", async () => {
    const words = await runWgsl(
      device,
      nanValueWgsl,
      "bitcast<u32>(nan_value()) | (input[0] & 0u)",
      input,
      1,
    );
    expect(new Float32Array(words.buffer)[0]).toBeNaN();
  });
});
