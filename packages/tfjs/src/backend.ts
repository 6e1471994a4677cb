// TensorFlow.js as a backend of core's face: what a tensor is, what an empty result is, and how a kernel runs so that
// nothing but its results stays alive and its gradient is recorded.
import { UnsupportedError } from "@gumbel/core";
import {
  type Backend,
  describe,
  ESTIMATORS,
  type Host,
  type Job,
  type Mode,
  OPERATION_NAMES,
  type OperationName,
  type ResolvedDecoding,
  type ResolvedLogProb,
  type ResolvedSoftmax,
} from "@gumbel/core/adapter";
import { createArrayKernels } from "./array/create-kernels.ts";
import { createGpuKernels } from "./gpu/create-kernels.ts";
import { withGradient } from "./gradients.ts";
import type { TfCore, TfTensor } from "./tensorflow.ts";
import { createWebglGpu } from "./webgl/create-gpu.ts";
import { createWebgpuGpu } from "./webgpu/create-gpu.ts";

type Kernels = Backend<TfTensor>["kernels"];

/**
 * What computes on one TensorFlow.js backend. Inputs have the dtypes that the spec says; they are not empty, and must
 * not be changed or disposed. Results are fresh tensors, tracked by the current `tf.tidy`; nothing else stays alive. No
 * gradient is recorded.
 */
export interface TensorKernels
  extends Required<Kernels>,
    Required<Pick<Host<TfTensor, Mode>, "filters" | "perRow">> {
  /** `y∘(c − Σ c∘y)/temperature` of a soft sample that was kept, summed over the samples; NaN where y is NaN. Without `log`. */
  softmaxVjpOfSample(call: ResolvedSoftmax, y: TfTensor, cotangent: TfTensor): TfTensor;
  /**
   * The softmax over what the filters of a call keep, 0 for what they leave out; NaN throughout a degenerate row.
   * @throws UnsupportedError where there are no filters
   */
  softmaxOfKept(call: ResolvedLogProb, decoding: ResolvedDecoding, logits: TfTensor): TfTensor;
}

/** Kernels by the name under which a backend is registered with TensorFlow.js. */
const CREATE_KERNELS: Readonly<Record<string, (tf: TfCore) => TensorKernels>> = {
  cpu: createArrayKernels,
  wasm: createArrayKernels,
  // A float texture would round words of `bits` to 24 bits, and so does TensorFlow.js with every int32 tensor that it
  // uploads: they are computed on the CPU and stay there until an operation of webgl reads them.
  webgl: (tf) => ({ ...createGpuKernels(tf, createWebglGpu(tf)), bits: createArrayKernels(tf).bits }),
  webgpu: (tf) => createGpuKernels(tf, createWebgpuGpu(tf)),
};

/** Creates the backend; it computes on whichever TensorFlow.js backend is current when a method is called. */
export function createBackend(tf: TfCore): Backend<TfTensor> {
  const created = new Map<string, TensorKernels>();
  const kernelsOf = (): TensorKernels => {
    // Creates the default backend when this is a program's first operation, or throws that `tf.ready()` must be awaited.
    tf.backend();
    const name = tf.getBackend();
    const kernels = created.get(name) ?? CREATE_KERNELS[name]?.(tf);
    if (kernels === undefined) throw new UnsupportedError("sampling", `the TensorFlow.js backend "${name}"`);
    created.set(name, kernels);
    return kernels;
  };

  return {
    get name() {
      return `tfjs-${tf.getBackend()}`;
    },
    mode: "sync",
    logarithms: true,
    get filters() {
      return kernelsOf().filters;
    },
    get perRow() {
      return kernelsOf().perRow;
    },
    estimators: ESTIMATORS,
    kernels: kernelGetters(kernelsOf),
    shapeOf(value, argument) {
      if (!(value instanceof tf.Tensor)) {
        throw new TypeError(`${argument} must be a tf.Tensor, got ${describe(value)}`);
      }
      if (value.isDisposed) throw new TypeError(`${argument} must be alive, got a disposed tensor`);
      if (value.dtype === "complex64" || value.dtype === "string") {
        throw new TypeError(`${argument} must be of dtype float32, int32 or bool, got ${value.dtype}`);
      }
      return value.shape;
    },
    /** Zeros, of which a gradient that asks for the inputs' is zeros too. */
    zeros({ dtype, shape }, { inputs }) {
      const tensors = Object.values(inputs);
      if (dtype !== "float32" || tensors.length === 0) {
        return tf.zeros([...shape], dtype === "float32" ? dtype : "int32");
      }
      const connected = tf.customGrad(() => ({
        value: tf.zeros([...shape]),
        gradFunc: () => tensors.map((tensor) => tf.zeros(tensor.shape)),
      }));
      return connected(...tensors);
    },
    run: (start, job) => tf.tidy(() => withGradient(tf, kernelsOf, start, job, typedInputs(tf, job))),
  };
}

/** Kernels that are looked up at each call: the keys are there before any backend of TensorFlow.js is. */
function kernelGetters(kernelsOf: () => TensorKernels): Kernels {
  const getters = (name: OperationName) => ({ enumerable: true, get: () => kernelsOf()[name] });
  return Object.defineProperties(
    {},
    Object.fromEntries(OPERATION_NAMES.map((name) => [name, getters(name)])),
  );
}

/** The inputs in the dtypes that the spec says. */
function typedInputs(tf: TfCore, { inputs, operation }: Job<TfTensor>): Record<string, TfTensor> {
  const typed: Record<string, TfTensor> = {};
  for (const name in inputs) {
    const { dtype } = operation.inputs[name];
    const due = dtype === "float32" ? dtype : "int32";
    typed[name] = inputs[name].dtype === due ? inputs[name] : tf.cast(inputs[name], due);
  }
  return typed;
}
