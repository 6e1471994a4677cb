// The reference against values that JAX computed.
import { describe, expect, it } from "vitest";
import { bits, categorical, foldIn, gumbel, gumbelTopK, key, split, uniform } from "../src/index.ts";
import vectors from "./vectors/jax-0.10.2.json" with { type: "json" };

/** The spec's bound on noise. */
const NOISE_BOUND = 2 ** -20;

describe.each(vectors.cases)("JAX 0.10.2, seed $seed", (golden) => {
  const root = key(golden.seed);

  it("key, split and foldIn are jax.random's", () => {
    expect(root).toEqual(golden.key);
    expect(split(root, golden.split.length)).toEqual(golden.split);
    for (const fold of golden.foldIn) expect(foldIn(root, fold.data)).toEqual(fold.key);
  });

  it.each(golden.bits)("bits of shape $shape are jax.random.bits", ({ shape, words }) => {
    expect(Array.from(bits(shape, { key: root }).data)).toEqual(words);
  });

  it("uniform is jax.random.uniform, bit for bit", () => {
    const { data } = uniform(golden.uniform.shape, { key: root });
    const words = new Uint32Array(data.buffer);
    expect(Array.from(words, (word) => word.toString(16).padStart(8, "0"))).toEqual(golden.uniform.hex);
  });

  it("gumbel at precision jax is jax.random.gumbel within 2^-20·max(1, |g|)", () => {
    const { data } = gumbel(golden.gumbel.shape, { key: root, precision: "jax" });
    expect(data).toHaveLength(golden.gumbel.values.length);
    golden.gumbel.values.forEach((expected, i) => {
      expect(Math.abs(data[i] - expected)).toBeLessThanOrEqual(NOISE_BOUND * Math.max(1, Math.abs(expected)));
    });
  });

  it.each(golden.categorical)(
    "categorical of $logitsShape along $axis with prefix $samplePrefix is jax.random.categorical",
    ({ logits, logitsShape, axis, samplePrefix, shape, indices }) => {
      const sample = categorical(
        { data: logits, shape: logitsShape },
        { key: root, axis, sampleShape: samplePrefix, precision: "jax" },
      );
      expect(sample.shape).toEqual(shape);
      expect(Array.from(sample.data)).toEqual(indices);
    },
  );

  it("gumbelTopK is jax.random.categorical with replace=False", () => {
    const { logits, logitsShape, k, indicesBatchMajor } = golden.withoutReplacement;
    const { indices } = gumbelTopK({ data: logits, shape: logitsShape }, k, { key: root, precision: "jax" });
    expect(Array.from(indices.data)).toEqual(indicesBatchMajor);
  });
});
