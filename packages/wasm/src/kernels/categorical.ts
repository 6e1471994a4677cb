// categorical: argmax(logits/temperature + g) of each row.
import { type ResolvedCategorical, sizeOf } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { argmaxOf } from "./argmax.ts";
import { arrayOf } from "./array-of.ts";
import { decodedIndices } from "./decoded-indices.ts";

export default function kernel(call: ResolvedCategorical, { logits }: Inputs<"logits">): Work {
  return function* (memory) {
    const { layout, noise, temperature, decoding, outputShape } = call;
    if (decoding !== undefined) {
      return { indices: arrayOf(yield* decodedIndices(memory, logits, call, decoding), outputShape) };
    }
    if (temperature !== 0) {
      return { indices: arrayOf(yield* argmaxOf(memory, logits, layout, noise, temperature), outputShape) };
    }
    // The mode is the same in every sample.
    const mode = yield* argmaxOf(memory, logits, { ...layout, samples: 1 }, undefined, 1);
    const indices = new Int32Array(sizeOf(outputShape));
    for (let done = 0; done < indices.length; done += mode.length) indices.set(mode, done);
    return { indices: arrayOf(indices, outputShape) };
  };
}
