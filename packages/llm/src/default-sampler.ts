// The sampler of token samplers that are given none: @gumbel/wasm's engine behind core's face, on this thread, at once.
import type { NdArray } from "@gumbel/core";
import { assertNdArray, createSamplerOver, FILTERS, type Named, sizeOf } from "@gumbel/core/adapter";
import { createEngine, type Engine } from "@gumbel/wasm";
import type { ArraySampler } from "./options.ts";

/** One for all token samplers: an engine has megabytes of memory, and keeps nothing between calls. */
let shared: ArraySampler<"sync"> | undefined;

/** @throws Error where WebAssembly has no SIMD */
export function defaultSampler(): ArraySampler<"sync"> {
  shared ??= samplerOver(createEngine());
  return shared;
}

function samplerOver(engine: Engine): ArraySampler<"sync"> {
  return createSamplerOver<NdArray, "sync">({
    name: `wasm (${engine.simd} SIMD)`,
    mode: "sync",
    filters: FILTERS,
    perRow: true,
    shapeOf(value, argument) {
      assertNdArray(value, argument);
      return value.shape;
    },
    zeros: ({ shape }) => ({ data: new Float32Array(sizeOf(shape)), shape }),
    kernels: {
      categorical: (call, inputs) => engine.run("categorical", call, { logits: floats(inputs, "logits") }),
      logProb: (call, inputs) =>
        engine.run("logProb", call, {
          logits: floats(inputs, "logits"),
          indices: Int32Array.from(inputs.indices.data),
        }),
    },
  });
}

function floats(inputs: Named<NdArray>, name: string): Float32Array {
  const { data } = inputs[name];
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
