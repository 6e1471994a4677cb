// Soft samples and gradients where the first logits of a row say little about its maximum.
import { gumbelSoftmax, gumbelSoftmaxVjp, key, softmax } from "@gumbel/core";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createSampler, type WebGpuSampler } from "../src/index.ts";
import { createDevice } from "./dawn.ts";

vi.setConfig({ testTimeout: 180_000 });

const COUNT = 3000;
const noise = (i: number): number => Math.fround(Math.sin(i * 12.9898) * 3);
const peaked = (at: number, height: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: COUNT }, (_, i) => (i === at ? height : noise(i)));

const ROWS: Readonly<Record<string, Float32Array<ArrayBuffer>>> = {
  "a maximum within the tolerance": peaked(2000, 9),
  "a maximum just beyond it": peaked(2000, 40),
  "a maximum far beyond it": peaked(2999, 1e30),
  "only the last is not masked": peaked(2999, 1).map((x, i) => (i === 2999 ? x : -Infinity)),
  "first half masked": peaked(2000, 60).map((x, i) => (i < 1500 ? -Infinity : x)),
  "all far below 0": peaked(5, -1e6).map((x) => x - 120),
  "the largest floats": peaked(2000, 3.4028234e38).map((x, i) => (i % 2 ? x : -3.4028234e38)),
};

const DEVICES: { features: GPUFeatureName[] }[] = [{ features: ["subgroups"] }, { features: [] }];
const TITLE = "on a device with features $features";

describe.each(isFullRun ? DEVICES : DEVICES.slice(0, 1))(
  shortened(TITLE, "subgroups alone"),
  ({ features }) => {
    let device: GPUDevice;
    let sampler: WebGpuSampler;
    beforeAll(async () => {
      device = await createDevice(features);
      sampler = await createSampler(device);
    });
    afterAll(() => {
      sampler.dispose();
      device.destroy();
    });

    const cases = Object.keys(ROWS).flatMap((name) =>
      [0.3, 0.5, 1, 3].map((temperature) => ({ name, temperature })),
    );
    test.each(cases)("$name at temperature $temperature", async ({ name, temperature }) => {
      const data = ROWS[name];
      const shape = [COUNT];
      const options = { key: key(7), temperature };
      // The specification's bound for m = 128, more than any logit that comes near the maximum of its row and is not alone there.
      const near = (got: Float32Array, expected: ArrayLike<number>, scale: number): void => {
        got.forEach((value, i) => {
          expect(Math.abs(value - expected[i]), `element ${i}: ${value}, not ${expected[i]}`).toBeLessThan(
            2 ** -11 * scale,
          );
        });
      };
      const tensor = { data, shape };
      near(
        (await sampler.gumbelSoftmax(tensor, options)).data,
        gumbelSoftmax(tensor, options).data,
        1 / temperature,
      );
      near(
        (await sampler.softmax(tensor, { temperature })).data,
        softmax(tensor, { temperature }).data,
        1 / temperature,
      );
      // Plain cotangents, and some whose products with weights by an estimate would overflow: not those of the last few of a chunk.
      for (const size of [1, 1e37]) {
        const cotangent = Float32Array.from(
          { length: COUNT },
          (_, i) => Math.cos(i) * (i % 500 < 250 ? size : 1),
        );
        const c = { data: cotangent, shape };
        const { data: got } = await sampler.gumbelSoftmaxVjp(tensor, c, options);
        const expected = gumbelSoftmaxVjp(tensor, c, options).data;
        near(got, expected, size / temperature ** 2);
      }
    });
  },
);
