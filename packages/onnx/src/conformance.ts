// This package as a target of the conformance suite, over any build and provider of ONNX Runtime.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { createSampler } from "./run/create-sampler.ts";
import type { OnnxRuntime, OrtTensor } from "./run/onnx-runtime.ts";
import type { SamplerOptions } from "./run/sampler-options.ts";

/** The target of `onnxruntime-node`: for the command line. */
const target: ConformanceTarget<OrtTensor> = {
  async create() {
    // Computed: bundlers put a constant in place of a variable, and look for what need not be installed.
    const name = ["onnxruntime", "node"].join("-");
    return onnxTarget<OrtTensor>((await import(/* @vite-ignore */ name)).default).create();
  },
};
export default target;

/** Options of {@link onnxTarget}. */
export interface TargetOptions extends SamplerOptions {
  /** Cases that are known to fail there, each with its reason. */
  readonly knownFailures?: Readonly<Record<string, string>> | undefined;
}

/**
 * The target of one build of ONNX Runtime with its execution providers.
 *
 * @param ort the namespace of `onnxruntime-node` or `onnxruntime-web`
 */
export function onnxTarget<T extends OrtTensor>(
  ort: OnnxRuntime<T>,
  { knownFailures = {}, ...options }: TargetOptions = {},
): ConformanceTarget<T> {
  return {
    knownFailures,
    create() {
      const sampler = createSampler(ort, options);
      return {
        sampler,
        fromArray: ({ data, shape }) =>
          new ort.Tensor("float32", Float32Array.from(data as ArrayLike<number>), [...shape]),
        toArray: async (tensor) => ({
          data: (await tensor.getData()) as Float32Array,
          shape: [...tensor.dims],
        }),
        release: (tensor) => tensor.dispose(),
        dispose: () => sampler.dispose(),
      };
    },
  };
}
