// Hostile bytes: whatever is done to a model, reading it ends in a model or in a clear error.

import { isFullRun, shortened } from "@gumbel-tools/test";
import fc from "fast-check";
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { createGraphBuilder } from "../src/graph/graph-builder.ts";
import { readModel } from "../src/graph/model-bytes.ts";
import { appendSampler, inspectModel, ModelError } from "../src/index.ts";
import { ONE_THREAD } from "./run-model.ts";
import { modelOf, tinyModel } from "./tiny-model.ts";

const SEED = 4;

/** An error that says what is wrong with a model, or which option does not suit it. */
function isTyped(error: unknown): error is Error {
  return error instanceof ModelError || error instanceof RangeError || error instanceof TypeError;
}

/** A model of opset 9 whose nodes must all be rewritten to raise it. */
function oldModel(): Uint8Array<ArrayBuffer> {
  const builder = createGraphBuilder();
  const x = builder.input("x", { type: "float32", dims: ["batch", 3, 4, 4] });
  const resized = builder.node("Upsample", [x, builder.constant("float32", [1, 1, 2, 2])], "upsample");
  const clipped = builder.node("Clip", [resized], "clip", { min: { float: 0 }, max: { float: 6 } });
  const mean = builder.node("ReduceMean", [clipped], "mean", { axes: [2, 3], keepdims: 1 });
  const dropped = builder.node(
    "Dropout",
    [builder.node("Squeeze", [mean], "squeeze", { axes: [2, 3] })],
    "dropout",
  );
  builder.output(dropped, "logits", { type: "float32", dims: ["batch", 3] });
  builder.output(builder.node("Softmax", [dropped], "softmax"), "p", { type: "float32", dims: ["batch", 3] });
  return modelOf(builder, 9);
}

const base = [
  oldModel(),
  tinyModel(),
  tinyModel({ opset: 13, dims: undefined }),
  appendSampler(tinyModel(), { logits: "logits" }),
  appendSampler(tinyModel(), { logits: "logits", asFunction: true }),
];

/** Bytes of a model with a few changed, cut or put in, in at most so many places. */
const mutated = (maxLength: number) =>
  fc
    .record({
      model: fc.constantFrom(...base),
      edits: fc.array(
        fc.record({
          at: fc.nat(),
          kind: fc.constantFrom("set", "cut", "insert", "double"),
          bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
        }),
        { minLength: 1, maxLength },
      ),
    })
    .map(({ model, edits }) => {
      let bytes = Array.from(model);
      for (const { at, kind, bytes: given } of edits) {
        const place = at % (bytes.length + 1);
        const after = bytes.slice(place);
        if (kind === "set") bytes.splice(place, given.length, ...given);
        else if (kind === "insert") bytes.splice(place, 0, ...given);
        else if (kind === "double") bytes.splice(place, 0, ...after.slice(0, 40));
        else bytes = bytes.slice(0, place);
      }
      return Uint8Array.from(bytes);
    });

const DAMAGED = "appending to a damaged model gives a model or a typed error, and leaves the bytes alone";
it(shortened(DAMAGED, "500 models"), { timeout: 1_800_000 }, () => {
  const outcomes = { appended: 0, refused: 0 };
  fc.assert(
    fc.property(mutated(4), (bytes) => {
      const copy = bytes.slice();
      for (const attempt of [() => appendSampler(bytes, { logits: "logits" }), () => inspectModel(bytes)]) {
        try {
          const result = attempt();
          outcomes.appended++;
          if (result instanceof Uint8Array) expect(() => readModel(result)).not.toThrow();
        } catch (error) {
          if (!isTyped(error)) throw error;
          outcomes.refused++;
          expect(error.message.length).toBeGreaterThan(10);
        }
      }
      expect(bytes.every((byte, i) => byte === copy[i])).toBe(true);
    }),
    { numRuns: isFullRun ? 100_000 : 500, seed: SEED },
  );
  // Both happen, or nothing was tried.
  expect(outcomes.appended).toBeGreaterThan(20);
  expect(outcomes.refused).toBeGreaterThan(100);
});

it("a model that ONNX Runtime loads still loads with a sampler", async () => {
  let loaded = 0;
  await fc.assert(
    fc.asyncProperty(mutated(1), async (bytes) => {
      let appended: Uint8Array;
      try {
        const asFunction = bytes.length % 2 === 0;
        appended = appendSampler(bytes, { logits: "logits", prefix: "my_", asFunction });
      } catch (error) {
        if (isTyped(error)) return;
        throw error;
      }
      const quiet = { ...ONE_THREAD, logSeverityLevel: 4 } as const;
      const session = await ort.InferenceSession.create(bytes, quiet).catch(() => undefined);
      if (session === undefined) return;
      const output = session.outputMetadata.find(({ name }) => name === "logits");
      await session.release();
      if (output === undefined || !output.isTensor) return;
      const grafted = await ort.InferenceSession.create(appended, quiet);
      expect(grafted.outputNames).toContain("my_indices");
      await grafted.release();
      loaded++;
    }),
    { numRuns: 300, seed: SEED },
  );
  expect(loaded).toBeGreaterThan(10);
});
