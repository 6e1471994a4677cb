// Filters of categorical and logProb against the reference: rows that are gathered from and rows that are not, alone and together.
import { type CategoricalOptions, categorical, foldIn, key, logProb, split } from "@gumbel/core";
import { describeInFull, isFullRun, shortened } from "@gumbel-tools/test";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createSampler, type WebGpuSampler } from "../src/index.ts";
import { asHardware, createDevice } from "./dawn.ts";

// The software GPU compiles each pipeline for a tenth of a second and more.
vi.setConfig({ testTimeout: 180_000 });

const devices: GPUDevice[] = [];
let sampler: WebGpuSampler;
let hardware: WebGpuSampler;
beforeAll(async () => {
  devices.push(await createDevice(["subgroups"]), await createDevice());
  sampler = await createSampler(devices[0]);
  hardware = await createSampler(asHardware(devices[1]));
});
afterAll(() => {
  for (const each of [sampler, hardware]) each.dispose();
  for (const device of devices) device.destroy();
});

/** Uniform numbers of a linear congruential generator (Numerical Recipes' constants). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Logits by their index, a uniform and a normal number. */
type Logit = (i: number, uniform: number, normal: number) => number;

const ROWS: Readonly<Record<string, Logit>> = {
  normal: (_, __, g) => 3 * g,
  "of a language model": (i, __, g) => -2 * Math.log1p((i * 7919) % 5003) + 0.3 * g,
  "all equal": () => 1.5,
  "of two values": (i) => (i % 7 === 0 ? 2 : 1),
  bfloat16: (_, __, g) => Math.round(g * 16) / 8,
  "of zeros with both signs": (i) => (i % 2 === 0 ? 0 : -0),
  "98 % masked": (_, u, g) => (u < 0.98 ? Number.NEGATIVE_INFINITY : 2 * g),
  subnormal: (_, u) => u * 1e-40,
  "far apart": (_, __, g) => 200 * g,
  "beside 1e6": (_, __, g) => 1e6 + g,
  "at the ends of float32": (i, u) => (i % 3 === 0 ? 3.4e38 : i % 3 === 1 ? -3.4e38 : u),
  falling: (i) => -i / 64,
  // One block of 1,024 in eight, which a sample may see or not.
  "in blocks": (i, u) => u + (Math.floor(i / 1024) % 4 === 3 ? 9 : 0),
};

function rowsOf(logit: Logit, shape: readonly number[], seed = 1) {
  const next = generator(seed);
  const count = shape.reduce((product, length) => product * length, 1);
  const data = Float32Array.from({ length: count }, (_, i) => {
    const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
    return logit(i, next(), normal);
  });
  return { data, shape };
}

const CALLS: readonly CategoricalOptions[] = [
  { topK: 1 },
  { topK: 50 },
  { topK: 50, topP: 0.9, minP: 0.05 },
  { topK: 300, topP: 0.5 },
  { topK: 2000 },
  { topP: 0 },
  { topP: 0.5, temperature: 0.6 },
  { topP: 0.95, temperature: 2, order: "temperature-last" },
  { minP: 0.05 },
  { minP: 1, temperature: 0.25 },
  { topP: 0.8, minP: 0.1 },
];

describe("a sample with filters is the reference's", () => {
  test.each(Object.keys(ROWS))("of rows %s", async (name) => {
    for (const length of [1, 32, 257, 5000, 9001]) {
      const logits = rowsOf(ROWS[name], [2, length]);
      for (const [i, options] of CALLS.entries()) {
        // A device may take subnormal distances for 0, and then all are the most likely one.
        if (name === "subnormal" && options.minP === 1) continue;
        const call = { key: foldIn(key(3), i), sampleShape: [2], ...options };
        const got = await sampler.categorical(logits, call);
        const expected = categorical(logits, call);
        expect(got.data, `${length} ${JSON.stringify(options)}`).toEqual(expected.data);
      }
    }
  });

  test(shortened("on a device that does not say it is a CPU", "with all filters at once"), async () => {
    for (const name of ["of a language model", "bfloat16", "all equal"]) {
      const logits = rowsOf(ROWS[name], [2, 9001]);
      for (const options of isFullRun ? [CALLS[2], CALLS[5], CALLS[8]] : [CALLS[2]]) {
        const call = { key: key(4), ...options };
        expect((await hardware.categorical(logits, call)).data).toEqual(categorical(logits, call).data);
      }
    }
  });
});

describeInFull("a sample with filters of a whole vocabulary is the reference's", () => {
  test("of a language model", async () => {
    const logits = rowsOf(ROWS["of a language model"], [1, 151_936]);
    for (const options of [CALLS[2], CALLS[6], CALLS[8]]) {
      const call = { key: key(5), ...options };
      expect((await sampler.categorical(logits, call)).data).toEqual(categorical(logits, call).data);
    }
  });

  test.each(["normal", "all equal", "bfloat16", "by Zipf's law"])(
    "whose cut is far down, %s",
    async (name) => {
      const logit = ROWS[name] ?? ((i: number) => -Math.log1p((i * 7919) % 151_936));
      const logits = rowsOf((...of) => logit(...of) / 3, [1, 151_936]);
      for (const options of [{ topP: 0.9 }, { topP: 0.99, minP: 1e-3, temperature: 1.5 }, { topK: 5000 }]) {
        const call = { key: key(5), sampleShape: [3], ...options };
        expect((await sampler.categorical(logits, call)).data).toEqual(categorical(logits, call).data);
      }
      const indices = categorical(logits, { key: key(5), topP: 0.9 });
      const expected = logProb(logits, indices, { topP: 0.9 }).data[0];
      const { data } = await sampler.logProb(logits, indices, { topP: 0.9 });
      expect(Math.abs(data[0] - expected)).toBeLessThan(2 ** -17 * -expected);
    },
  );
});

describe("a sample with filters is the reference's", () => {
  test("along another axis, in float16, and under a mask", async () => {
    const logits = rowsOf(ROWS.normal, [2, 5000, 3]);
    const call = { key: key(6), axis: 1, topK: 20, topP: 0.9 };
    expect((await sampler.categorical(logits, call)).data).toEqual(categorical(logits, call).data);
    const bits = Uint16Array.from({ length: 5000 }, (_, i) => 0x3c00 + ((i * 37) % 0x400));
    const half = { data: bits, shape: [1, 5000] };
    const wide = { data: Array.from(bits, (word) => 1 + (word - 0x3c00) / 1024), shape: [1, 5000] };
    const masked = { key: key(7), topK: 100, mask: new Uint32Array(157).fill(0x5a5a5a5a) };
    expect((await sampler.categorical(half, masked)).data).toEqual(categorical(wide, masked).data);
  });
});

test(shortened("a log-probability with filters is the reference's", "with two sets of filters"), async () => {
  const sets = [{ topK: 50, topP: 0.9 }, { minP: 0.01 }, {}, { topP: 0.7, temperature: 0.5 }];
  for (const name of ["of a language model", "bfloat16", "far apart", "98 % masked"]) {
    const logits = rowsOf(ROWS[name], [3, 5000]);
    for (const options of isFullRun ? sets : sets.slice(0, 2)) {
      const drawn = { key: key(8), mask: new Uint32Array(157).fill(0xfffff0ff), ...options };
      const { key: _, ...given } = drawn;
      const indices = await sampler.categorical(logits, drawn);
      const got = await sampler.logProb(logits, indices, given);
      const expected = logProb(logits, indices, given).data;
      got.data.forEach((value, i) => {
        expect(Math.abs(value - expected[i]), name).toBeLessThan(2 ** -17 * Math.max(1, -expected[i]));
      });
      const other = { data: Int32Array.of(8, 8, 8), shape: [3] };
      expect(Array.from((await sampler.logProb(logits, other, given)).data)).toEqual(
        Array(3).fill(Number.NEGATIVE_INFINITY),
      );
    }
  }
});

describe("rows of a batch", () => {
  const names = Object.keys(ROWS);
  const length = 9001;
  const shape = [names.length, length];
  const batch = {
    data: Float32Array.from(names.flatMap((name) => Array.from(rowsOf(ROWS[name], [1, length]).data))),
    shape,
  };
  const keys = split(key(9), names.length);
  const byRow = {
    temperature: names.map((_, row) => [1, 0.5, 0, 2][row % 4]),
    topK: names.map((_, row) => [50, 0, 3000, 7, 0][row % 5]),
    topP: names.map((_, row) => [0.9, 1, 0.5][row % 3]),
    minP: names.map((_, row) => [0, 0.02][row % 2]),
  };

  test("with values and keys of their own draw what each draws alone", async () => {
    const call = { ...byRow, key: keys, sampleShape: [3] };
    const got = await sampler.categorical(batch, call);
    expect(got.data).toEqual(categorical(batch, call).data);
    for (const row of names.keys()) {
      const logits = { data: batch.data.slice(length * row, length * (row + 1)), shape: [1, length] };
      const own = Object.fromEntries(Object.entries(byRow).map(([name, values]) => [name, values[row]]));
      const alone = await sampler.categorical(logits, { ...own, key: keys[row], sampleShape: [3] });
      expect(Array.from(alone.data)).toEqual(
        [0, 1, 2].map((sample) => got.data[sample * names.length + row]),
      );
    }
  });

  test("encoded over buffers are those of the method", async () => {
    const { device } = sampler;
    const { data } = await sampler.categorical(batch, { ...byRow, key: keys });
    const logits = sampler.upload(batch);
    const indices = device.createBuffer({ size: 4 * names.length, usage: 0x80 | 0x4 });
    const call = { logits, indices, ...byRow, key: keys };
    await sampler.prepare("categorical", call);
    for (let step = 0; step < 2; step++) {
      const encoder = device.createCommandEncoder();
      const encoded = sampler.encode("categorical", encoder, call);
      device.queue.submit([encoder.finish()]);
      encoded.release();
      expect(await sampler.read({ buffer: indices, shape: [names.length], type: "i32" })).toEqual(data);
    }
    for (const buffer of [logits.buffer, indices]) buffer.destroy();
  });
});

test("filters that there are no kernels for are refused by name", async () => {
  const logits = rowsOf(ROWS.normal, [1, 10]);
  await expect(sampler.categorical(logits, { typicalP: 0.5 })).rejects.toThrow(/typicalP/);
});
