// gumbelTopK of long rows against the reference: places from a gathered list, and from a sort where the list overflows.
import { gumbelTopK, key } from "@gumbel/core";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createSampler, type WebGpuSampler } from "../src/index.ts";
import { createDevice } from "./dawn.ts";

// The software GPU compiles each pipeline for a tenth of a second and more.
vi.setConfig({ testTimeout: 180_000 });

let device: GPUDevice;
let sampler: WebGpuSampler;
beforeAll(async () => {
  device = await createDevice(["subgroups"]);
  sampler = await createSampler(device);
});
afterAll(() => {
  sampler.dispose();
  device.destroy();
});

const noise = (i: number) => Math.abs(Math.sin(12.9898 * i) * 43_758.5453) % 1;

const ROWS: Readonly<Record<string, (i: number) => number>> = {
  "as a model's": (i) => 8 * noise(i),
  "all equal": () => 1,
  // Their rounded sums tie, so that more than the list holds reach any bound.
  "that drown the noise": () => 1e9,
  "whose largest ones are a block that is not sampled": (i) =>
    noise(i) + (i % 8192 >= 1024 && i % 8192 < 3072 ? 40 : 0),
  "with fewer categories than places": (i) => (i % 300 === 0 ? 1 : Number.NEGATIVE_INFINITY),
  "of masks alone": () => Number.NEGATIVE_INFINITY,
  "with NaN": (i) => (i === 777 ? Number.NaN : noise(i)),
};

const SHAPES = [
  [[2, 5000], 1],
  [[5000, 2], 0],
  [[1, 20_000], 1],
] as const;
const COUNTS = [50, 2, 256];

test.each(Object.keys(ROWS))(shortened("rows %s", "of two shapes, 50 places"), async (name) => {
  for (const [shape, axis] of isFullRun ? SHAPES : SHAPES.slice(0, 2)) {
    const logits = {
      data: Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => ROWS[name](i)),
      shape,
    };
    for (const k of isFullRun ? COUNTS : COUNTS.slice(0, 1)) {
      const options = { key: key(5), axis, temperature: k === 50 ? 0.5 : 1 };
      const got = await sampler.gumbelTopK(logits, k, options);
      const expected = gumbelTopK(logits, k, options);
      expect(got.indices, `${k} of ${shape}`).toEqual(expected.indices);
      got.values.data.forEach((value, i) => {
        const due = expected.values.data[i];
        if (Number.isFinite(due))
          expect(Math.abs(value - due)).toBeLessThan(2 ** -18 * Math.max(1, Math.abs(due)));
        else expect(value).toBe(due);
      });
    }
  }
});
