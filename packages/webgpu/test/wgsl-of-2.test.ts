import { foldIn, key, threefry2x32 } from "@gumbel/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bitsOfFloat16Wgsl,
  bitsOfSortableWgsl,
  blockWgsl,
  expCoreOf2Wgsl,
  expCoreWgsl,
  noiseOf2Wgsl,
  noiseWgsl,
  sortableBitsWgsl,
  threefry2x32Of2,
  threefry2x32 as threefry2x32Wgsl,
} from "../src/wgsl/index.ts";
import { createDevice } from "./dawn.ts";
import { runWgsl } from "./run-wgsl.ts";

let device: GPUDevice;
beforeAll(async () => {
  device = await createDevice();
});
afterAll(() => device.destroy());

const COUNT = 4096;
/** Words of many blocks, then corners. */
const words = Uint32Array.from({ length: COUNT }, (_, i) => threefry2x32(...foldIn(key(5), i), 0, i)[i % 2]);
words.set([0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]);

describe("functions for two are those for one, to the last bit", () => {
  // Element i is component i mod 2 of the two that it stands among.
  const two = "vec2(input[i / 2u * 2u], input[i / 2u * 2u + 1u])";

  test.each(["shift", "adder"] as const)("threefry_2x32 and threefry_2x32_of_2 by %s", async (rotation) => {
    const functions = threefry2x32Wgsl(rotation) + threefry2x32Of2(rotation);
    const [x0, x1] = [0, 1].map((word) =>
      Uint32Array.from(words, (input) => threefry2x32(3, 9, input, ~input >>> 0)[word]),
    );
    const block = "threefry_2x32(vec2(3u, 9u), vec2(input[i], ~input[i]))";
    expect(await runWgsl(device, functions, `${block}.x`, words, COUNT)).toEqual(x0);
    expect(await runWgsl(device, functions, `${block}.y`, words, COUNT)).toEqual(x1);
    const blocks = `threefry_2x32_of_2(vec2(3u, 9u), ${two}, ~${two})`;
    expect(await runWgsl(device, functions, `${blocks}[i % 2u]`, words, COUNT)).toEqual(x0);
    expect(await runWgsl(device, functions, `${blocks}[2u + i % 2u]`, words, COUNT)).toEqual(x1);
  });

  test.each(["full", "jax"] as const)(
    "exponential_of_2 and gumbel_of_2 of precision %s",
    async (precision) => {
      const functions = blockWgsl + noiseWgsl(precision) + noiseOf2Wgsl(precision);
      for (const name of ["exponential_of", "gumbel_of"]) {
        const one = await runWgsl(
          device,
          functions,
          `bitcast<u32>(${name}(vec2(input[i], input[i] * 77u)))`,
          words,
          COUNT,
        );
        const of2 = `bitcast<vec2<u32>>(${name}_2(vec4(${two}, ${two} * 77u)))[i % 2u]`;
        expect(await runWgsl(device, functions, of2, words, COUNT)).toEqual(one);
      }
    },
  );

  test("exp_core_of_2, which keeps e^x to 4 ulp and 2⁻¹²⁶", async () => {
    const input = new Float32Array(COUNT).map((_, i) => Math.fround(-(1.03 ** (i / 10)) / 64));
    input.set([0, -0, -87.3, -88, -104, -3.4e38]);
    const bits = new Uint32Array(input.buffer);
    const functions = expCoreWgsl + expCoreOf2Wgsl;
    const one = await runWgsl(
      device,
      functions,
      "bitcast<u32>(exp_core(bitcast<f32>(input[i])))",
      bits,
      COUNT,
    );
    const of2 = `bitcast<vec2<u32>>(exp_core_of_2(bitcast<vec2<f32>>(${two})))[i % 2u]`;
    expect(await runWgsl(device, functions, of2, bits, COUNT)).toEqual(one);
    new Float32Array(one.buffer).forEach((value, i) => {
      const expected = Math.exp(input[i]);
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(4 * 2 ** -23 * expected + 2 ** -126);
    });
  });
});

describe("sortable bits", () => {
  const floats = Float32Array.of(-3.4e38, -1e30, -1, -1e-38, -0, 0, 1e-38, 1, 1e30, 3.4e38);
  const bits = new Uint32Array(floats.buffer);

  test("sort like the floats, equal zeros alike, between no category and degenerate", async () => {
    const sortable = await runWgsl(device, sortableBitsWgsl, "sortable_bits(input[i])", bits, bits.length);
    expect([...sortable].sort((a, b) => a - b)).toEqual([...sortable]);
    expect(new Set(sortable).size).toBe(floats.length - 1);
    expect(sortable[4]).toBe(sortable[5]);
    expect(sortable[0]).toBeGreaterThan(0);
    expect(sortable[9]).toBeLessThan(0xffffffff);
  });

  test("give the float back, −0 as 0", async () => {
    const functions = sortableBitsWgsl + bitsOfSortableWgsl;
    const back = await runWgsl(
      device,
      functions,
      "bits_of_sortable(sortable_bits(input[i]))",
      bits,
      bits.length,
    );
    expect([...back]).toEqual([...bits.map((word) => (word === 0x80000000 ? 0 : word))]);
  });
});

test("bits_of_float16 gives NaN and infinities as they are", async () => {
  const words16 = Uint32Array.of(0x7c00, 0xfc00, 0x7e00, 0xfe01, 0x7c01);
  const floats = new Float32Array(
    (await runWgsl(device, bitsOfFloat16Wgsl, "bits_of_float16(input[i])", words16, 5)).buffer,
  );
  expect([...floats]).toEqual([Infinity, -Infinity, NaN, NaN, NaN]);
});
