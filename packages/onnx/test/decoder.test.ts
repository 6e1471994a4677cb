// Decoders as they come: float16 logits, caches beside them, branches, and values whose type or rank follows from others.
import { categorical, key } from "@gumbel/core";
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { createGraphBuilder } from "../src/graph/graph-builder.ts";
import { appendSampler, inspectModel, ModelError } from "../src/index.ts";
import { assertValidModel } from "./assert-valid-model.ts";
import { ONE_THREAD } from "./run-model.ts";
import { modelOf } from "./tiny-model.ts";

const VOCABULARY = 50;

/** Logits [batch, sequence, vocabulary] in float16 from an If, as a merged decoder has them, and a cache that grows. */
function decoder(isStated = true): Uint8Array {
  const builder = createGraphBuilder();
  const { node, constant } = builder;
  const x = builder.input("x", { type: "float32", dims: ["batch", "sequence", VOCABULARY] });
  const cache = ["batch", 2, "past", 4];
  const past = builder.input("past_key_values.0.key", { type: "float32", dims: cache });
  const isCached = builder.input("use_cache_branch", { type: "float32", dims: [] });
  const isTrue = node("Greater", [isCached, constant("float32", 0)], "is_cached");
  const [hidden] = builder.choose(
    isTrue,
    "branch",
    [{ name: "hidden", type: "float32" }],
    () => [node("Identity", [x], "cached")],
    () => [node("Mul", [x, constant("float32", 2)], "first")],
  );
  const reshaped = node("Reshape", [hidden, constant("int64", [0, 0, VOCABULARY])], "reshaped");
  const half = node("Cast", [reshaped], "half", { to: 10 });
  const inner = node("Identity", [half], "inner");
  builder.output(node("Identity", [inner], "out"), "logits", {
    type: "float16",
    ...(isStated && { dims: ["batch", "sequence", VOCABULARY] }),
  });
  const token = node(
    "Slice",
    [past, constant("int64", [0]), constant("int64", [1]), constant("int64", [2])],
    "token",
  );
  const grown = node("Concat", [past, token], "grown", { axis: 2 });
  builder.output(grown, "present.0.key", { type: "float32", dims: ["batch", 2, "total", 4] });
  return modelOf(builder);
}

const shape = [2, 3, VOCABULARY];
// Exact in float16.
const data = Float32Array.from({ length: 2 * 3 * VOCABULARY }, (_, i) => ((i * 37) % 61) / 8);
const feeds = (isCached: number) => ({
  x: new ort.Tensor("float32", data, shape),
  "past_key_values.0.key": new ort.Tensor("float32", new Float32Array(2 * 2 * 5 * 4), [2, 2, 5, 4]),
  use_cache_branch: new ort.Tensor("float32", Float32Array.of(isCached), []),
  key: new ort.Tensor("uint32", Uint32Array.from(key(3)), [2]),
});

/** The last position's logits of each row. */
function lastOf(factor: number): { data: Float32Array; shape: number[] } {
  const rows = [2, 5].map((position) => data.subarray(position * VOCABULARY, (position + 1) * VOCABULARY));
  return {
    data: Float32Array.from(rows.flatMap((row) => Array.from(row, (x) => factor * x))),
    shape: [2, VOCABULARY],
  };
}

it("inspect finds a decoder's logits and leaves its cache out", () => {
  expect(inspectModel(decoder()).logits).toMatchObject([
    { name: "logits", type: "float16 [batch, sequence, 50]", axis: -1, obstacle: undefined },
  ]);
});

it.each([
  { options: {} },
  { options: { topK: 7 } },
  { options: { topP: 0.8 }, asFunction: true },
  { options: { minP: 0.2, temperature: 2 } },
])(
  "a merged decoder of float16 logits draws at its last position what the reference draws, with %o",
  async ({ options, asFunction }) => {
    const session = await ort.InferenceSession.create(
      appendSampler(decoder(), { logits: "logits", position: "last", asFunction, ...options }),
      ONE_THREAD,
    );
    for (const isCached of [0, 1]) {
      const result = await session.run(feeds(isCached));
      const expected = categorical(lastOf(isCached === 1 ? 1 : 2), { ...options, key: key(3) });
      expect(Array.from(result.indices.data as BigInt64Array, Number)).toEqual(Array.from(expected.data));
      expect(result["present.0.key"].dims).toEqual([2, 2, 6, 4]);
      expect(result.logits.dims).toEqual(shape);
    }
  },
);

it("an inner value's type and rank follow from the nodes around it", () => {
  const isOwn = (name: string) => name.startsWith("gumbel/");
  for (const logits of ["half", "inner", "logits"]) {
    assertValidModel(appendSampler(decoder(), { logits, position: "last" }), isOwn);
  }
  // Without a stated shape, from the Reshape.
  const [{ type }] = inspectModel(decoder(false)).logits;
  expect(type).toBe("float16 [?, ?, 50]");
});

it("what does not follow is stated by options, and asked for otherwise", () => {
  const builder = createGraphBuilder();
  const x = builder.input("x", { type: "float32", dims: ["batch", 4] });
  const strange = builder.node("Optional", [x], "strange");
  builder.output(builder.node("Shape", [strange], "size"), "y", { type: "int64", dims: [2] });
  const model = modelOf(builder);
  expect(() => appendSampler(model, { logits: "strange" })).toThrow(ModelError);
  expect(() => appendSampler(model, { logits: "strange" })).toThrow(
    /of which type "strange" is.*option type/,
  );
  const typed = { logits: "strange", type: "float32" } as const;
  expect(() => appendSampler(model, typed)).toThrow(/of which rank "strange" is.*option shape/);
  expect(inspectModel(appendSampler(model, { ...typed, shape: ["batch", 4] })).outputs).toContainEqual({
    name: "indices",
    type: "int64 [batch]",
  });
});
