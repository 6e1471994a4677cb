// This package as a target of the conformance suite, over any backend of a TensorFlow.js namespace.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { createSampler } from "./create-sampler.ts";
import type { TensorFlow, TfTensor } from "./tensorflow.ts";

type Tf = typeof import("@tensorflow/tfjs-core");

/**
 * The target of one backend.
 *
 * @param tf the namespace, in which the backend is registered
 * @param backendName `"cpu"`, `"wasm"`, `"webgl"` or `"webgpu"`; left out, the current one
 */
export function tfjsTarget<T>(tf: TensorFlow<T>, backendName?: string): ConformanceTarget<T> {
  return targetOf(tf as unknown as Tf, backendName) as unknown as ConformanceTarget<T>;
}

/** The target of `@tensorflow/tfjs`, on the backend that it chooses: for the command line. */
const target: ConformanceTarget<TfTensor> = {
  async create() {
    // Computed: bundlers put a constant in place of a variable, and look for what need not be installed.
    const name = ["@tensorflow", "tfjs"].join("/");
    return targetOf(await import(/* @vite-ignore */ name)).create();
  },
};
export default target;

function targetOf(tf: Tf, backendName?: string): ConformanceTarget<TfTensor> {
  return {
    async create() {
      if (backendName !== undefined && !(await tf.setBackend(backendName))) {
        throw new Error(`the TensorFlow.js backend "${backendName}" does not start here`);
      }
      await tf.ready();
      return {
        sampler: createSampler<TfTensor>(tf),
        fromArray: ({ data, shape }) => tf.tensor(Float32Array.from(data), [...shape], "float32"),
        async toArray(tensor) {
          return { data: await tensor.data<"float32" | "int32">(), shape: [...tensor.shape] };
        },
        release: (tensor) => tensor.dispose(),
        liveTensors: () => tf.memory().numTensors,
      };
    },
  };
}
