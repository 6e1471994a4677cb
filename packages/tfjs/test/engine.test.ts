// The engine behind the cpu and wasm backends: at hand without a promise, and replaced where there is no SIMD.
import { createSampler as createReference } from "@gumbel/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { key } from "../src/index.ts";
import { tf } from "./start-backends.ts";

/** A sampler of modules that were never loaded before, whose engine is not created yet. */
async function freshSampler() {
  vi.resetModules();
  const { createSampler } = await import("../src/index.ts");
  await tf.setBackend("cpu");
  return createSampler(tf);
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("the first call of a sampler computes at once, and warns of nothing", async () => {
  const warn = vi.spyOn(console, "warn");
  const sampler = await freshSampler();
  expect(sampler.categorical(tf.zeros([2, 3]), { key: key(1) }).shape).toEqual([2]);
  expect(warn).not.toHaveBeenCalledWith(expect.stringContaining("@gumbel/tfjs"));
});

describe("without WebAssembly SIMD", () => {
  const withoutSimd = () => {
    vi.stubGlobal("WebAssembly", { ...WebAssembly, validate: () => false });
    return vi.spyOn(console, "warn").mockImplementation(() => {});
  };

  it("the reference computes, and one warning says so", async () => {
    const warn = withoutSimd();
    const sampler = await freshSampler();
    const shape = [3, 4];
    const data = Float32Array.from({ length: 12 }, (_, i) => 3 * Math.sin(i));
    const logits = tf.tensor(data, shape);
    const options = { key: key(7), temperature: 0.5 };
    const reference = createReference();
    const y = sampler.gumbelSoftmax(logits, options).dataSync();
    expect(y).toEqual(Float32Array.from(reference.gumbelSoftmax({ data, shape }, options).data));
    const indices = sampler.categorical(logits, options);
    expect(indices.dataSync()).toEqual(reference.categorical({ data, shape }, options).data);
    expect(indices.dtype).toBe("int32");
    const warnings = warn.mock.calls.filter(([text]) => String(text).includes("@gumbel/tfjs computes with"));
    expect(warnings).toEqual([[expect.stringContaining("needs WebAssembly SIMD")]]);
  });

  it("gradients are those of the reference, summed over the samples", async () => {
    withoutSimd();
    const sampler = await freshSampler();
    const logits = tf.tensor([
      [0, 1, Number.NEGATIVE_INFINITY],
      [1, 2, 3],
    ]);
    const cotangent = tf.tensor(
      Array.from({ length: 12 }, (_, i) => Math.cos(i)),
      [2, 2, 3],
    );
    const options = { key: key(7), sampleShape: [2] };
    const gradient = tf.grad((x) => sampler.gumbelSoftmax(x, options))(logits, cotangent);
    const expected = sampler.gumbelSoftmaxVjp(logits, cotangent, options).dataSync();
    gradient.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6);
    });
  });

  it("filters keep what those of the reference keep, and logProb has its gradient among it", async () => {
    withoutSimd();
    const sampler = await freshSampler();
    const logits = tf.tensor([[3, 1, 2, 0]]);
    const options = { topK: 2 };
    const indices = sampler.categorical(logits, { ...options, key: [key(1)] });
    const reference = createReference().categorical(
      { data: [3, 1, 2, 0], shape: [1, 4] },
      { topK: 2, key: [key(1)] },
    );
    expect(indices.dataSync()).toEqual(reference.data);
    const gradient = tf.grad((x) => sampler.logProb(x, tf.tensor([0], [1], "int32"), options))(logits);
    const y = 1 / (1 + Math.exp(-1));
    [1 - y, 0, y - 1, 0].forEach((value, j) => {
      expect(gradient.dataSync()[j]).toBeCloseTo(value, 6);
    });
  });

  it("words of bits are int32 tensors of the same bits", async () => {
    withoutSimd();
    const sampler = await freshSampler();
    const words = sampler.bits([5], { key: key(7) });
    expect(words.dtype).toBe("int32");
    const expected = createReference().bits([5], { key: key(7) }).data;
    expect([...words.dataSync()].map((word) => word >>> 0)).toEqual([...expected]);
  });
});
