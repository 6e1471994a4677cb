// The sampler over sessions, beyond the suite: noise from a function, foreign tensors, calls at once, sessions.
import { categorical, gumbel, key } from "@gumbel/core";
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { createSampler } from "../src/index.ts";

const shape = [2, 6];
const data = Float32Array.from({ length: 12 }, (_, i) => Math.sin(3 * i));
const logits = new ort.Tensor("float32", data, shape);

it("takes its noise from a function, which is told of the key and the place", async () => {
  const asked: unknown[] = [];
  const sampler = createSampler(ort, {
    noise(of, options) {
      asked.push([of, options.key, options.precision, options.offset, options.rowStride]);
      return Float32Array.from(gumbel(of, options).data as Float64Array);
    },
  });
  const options = { key: key(4), sampleShape: [3], offset: 7, rowStride: 9 };
  const drawn = await sampler.categorical(logits, options);
  expect(Array.from(drawn.data as Int32Array)).toEqual(
    Array.from(categorical({ data, shape }, options).data),
  );
  expect(asked).toEqual([[[3, 2, 6], [0, 4], "full", 7, 9]]);
});

it("gives the same with noise made anywhere", async () => {
  const results = (["bits", "input", "threefry"] as const).map(async (noise) => {
    const sampler = createSampler(ort, { noise });
    const { values, indices } = await sampler.gumbelTopK(logits, 6, { key: key(9) });
    sampler.dispose();
    return {
      values: Array.from(values.data as Float32Array),
      indices: Array.from(indices.data as Int32Array),
    };
  });
  const [first, ...others] = await Promise.all(results);
  for (const { values, indices } of others) {
    expect(indices).toEqual(first.indices);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(first.values[i], 5);
    });
  }
});

it("creates its sessions with the options of ONNX Runtime that it was given", async () => {
  const asked: unknown[] = [];
  const watching = {
    Tensor: ort.Tensor,
    InferenceSession: {
      create(model: Uint8Array, options: ort.InferenceSession.SessionOptions) {
        asked.push(options);
        return ort.InferenceSession.create(model, options);
      },
    },
  };
  const given = { executionProviders: ["cpu"], intraOpNumThreads: 1, logSeverityLevel: 3 };
  const sampler = createSampler(watching, { ...given, noise: "bits" });
  await sampler.categorical(logits, { key: key(1) });
  const inherited = createSampler(watching, Object.create({ ...given, noise: "bits" }));
  await inherited.categorical(logits, { key: key(1) });
  expect(asked).toEqual([given, given]);
  sampler.dispose();
});

it("makes one session for calls that differ in their data alone, whatever the rank", async () => {
  let sessions = 0;
  const counting = {
    Tensor: ort.Tensor,
    InferenceSession: {
      create(...parameters: Parameters<typeof ort.InferenceSession.create>) {
        sessions++;
        return ort.InferenceSession.create(...parameters);
      },
    },
  };
  const sampler = createSampler(counting as unknown as typeof ort);
  await Promise.all([
    sampler.categorical(logits, { key: key(1) }),
    sampler.categorical(logits, { key: key(2), offset: 100 }),
    sampler.categorical(new ort.Tensor("float32", data, [2, 3, 2]), { key: key(3) }),
    sampler.categorical(new ort.Tensor("float32", data, [12]), { key: key(3) }),
  ]);
  expect(sessions).toBe(1);
  await sampler.categorical(logits, { key: key(1), axis: 0 });
  expect(sessions).toBe(2);
});

it("refuses what is no float32 tensor, and a noise that it does not know", async () => {
  const sampler = createSampler(ort);
  const integers = new ort.Tensor("int32", Int32Array.from({ length: 4 }), [2, 2]);
  await expect(sampler.softmax(integers)).rejects.toThrow(
    /logits must be of type float32 or float16, got int32/,
  );
  await expect(sampler.softmax([1, 2] as never)).rejects.toThrow(/logits must be an ort.Tensor/);
  await expect(sampler.softmaxVjp(logits, integers)).rejects.toThrow(/cotangent must be of type float32 or/);
  expect(() => createSampler(ort, { noise: "native" as never })).toThrow(/noise must be .*got "native"/);
});

it("takes float16 tensors, and gives what their values give as float32", async () => {
  // 1, -2, 0.5, -∞, 0.25, 4 as float16.
  const halves = new ort.Tensor(
    "float16",
    Uint16Array.of(0x3c00, 0xc000, 0x3800, 0xfc00, 0x3400, 0x4400),
    [2, 3],
  );
  const whole = new ort.Tensor("float32", [1, -2, 0.5, Number.NEGATIVE_INFINITY, 0.25, 4], [2, 3]);
  const sampler = createSampler(ort);
  const options = { key: key(2), temperature: 0.5 };
  for (const operation of ["categorical", "gumbelSoftmax", "softmax"] as const) {
    const { key: _, ...plain } = options;
    const given = operation === "softmax" ? plain : options;
    const [got, expected] = [await sampler[operation](halves, given), await sampler[operation](whole, given)];
    expect(got.type).toBe(expected.type);
    expect(got.data).toEqual(expected.data);
  }
  const top = await sampler.gumbelTopK(halves, 2, options);
  expect(top.values.data).toEqual((await sampler.gumbelTopK(whole, 2, options)).values.data);
  const cotangent = new ort.Tensor("float32", [1, 2, 3, 4, 5, 6], [2, 3]);
  const gradient = await sampler.gumbelSoftmaxVjp(halves, cotangent, options);
  expect(gradient.data).toEqual((await sampler.gumbelSoftmaxVjp(whole, cotangent, options)).data);
});

it("releases every session, those that calls under way still make too", async () => {
  let made = 0;
  let released = 0;
  const counting = {
    Tensor: ort.Tensor,
    InferenceSession: {
      async create(...args: Parameters<typeof ort.InferenceSession.create>) {
        made++;
        const session = await ort.InferenceSession.create(...args);
        return {
          run: (feeds: Record<string, ort.Tensor>) => session.run(feeds),
          async release() {
            released++;
            await session.release();
          },
        };
      },
    },
  } as unknown as typeof ort;
  const sampler = createSampler(counting);
  const first = sampler.categorical(logits, { key: key(1) });
  sampler.dispose();
  const { data: indices } = await first;
  expect(Array.from(indices as Int32Array)).toEqual(
    Array.from(categorical({ data, shape }, { key: key(1) }).data),
  );
  expect([made, released]).toEqual([1, 1]);
});
