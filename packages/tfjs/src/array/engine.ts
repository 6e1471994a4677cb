// What computes over typed arrays: the engine of @gumbel/wasm, or core's reference where WebAssembly has no SIMD.
import {
  type Named,
  operations,
  type ResolvedSoftmax,
  referenceKernels,
  rowCountOf,
  rowStartOf,
  sizeOf,
  softmaxOfKept,
} from "@gumbel/core/adapter";
import { createEngine, type Engine } from "@gumbel/wasm";

/** Kernels over arrays, which are only read. */
export type ArrayEngine = Pick<Engine, "run" | "vjpOfSample" | "softmaxOfKept">;

let engine: ArrayEngine | undefined;

/** The engine of this program: it holds no state between calls, so that all samplers share it. Created at the first call. */
export function engineOf(): ArrayEngine {
  engine ??= createFastest();
  return engine;
}

function createFastest(): ArrayEngine {
  try {
    return createEngine();
  } catch (error) {
    console.warn(`@gumbel/tfjs computes with the reference of @gumbel/core, which is slow: ${error}`);
    return referenceEngine;
  }
}

type Kernel = (call: object, inputs: Named<unknown>) => never;

const referenceEngine: ArrayEngine = {
  run(operation, call, inputs) {
    const kernel = referenceKernels[operation] as unknown as Kernel;
    const arrays: Record<string, unknown> = {};
    for (const [name, data] of Object.entries(inputs)) {
      arrays[name] = { data, shape: operations[operation].inputs[name].shape(call) };
    }
    return kernel(call, arrays);
  },
  vjpOfSample(y, cotangent, { layout, shape, temperature }: ResolvedSoftmax) {
    const { samples, categories, inner } = layout;
    const gradient = new Float64Array(sizeOf(shape));
    const rows = rowCountOf(layout);
    for (let row = 0; row < samples * rows; row++) {
      const start = rowStartOf(layout, row);
      const logitsStart = rowStartOf(layout, row % rows);
      const places = Array.from({ length: categories }, (_, j) => j * inner);
      // Where y is 0 no cotangent counts, however large.
      const picked = places.filter((at) => y[start + at] !== 0);
      const mean = picked.reduce((sum, at) => sum + y[start + at] * cotangent[start + at], 0);
      for (const at of picked) {
        gradient[logitsStart + at] += (y[start + at] * (cotangent[start + at] - mean)) / temperature;
      }
    }
    return new Float32Array(gradient);
  },
  softmaxOfKept: (data, call, decoding) =>
    new Float32Array(softmaxOfKept({ data, shape: call.shape }, call, decoding).data),
};
