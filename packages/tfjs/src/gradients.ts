// Gradients: what tf.grad and the optimizers see of each operation. A second order is refused, because the kernels are
// opaque to TensorFlow.js and would silently leave terms out.
import { UnsupportedError } from "@gumbel/core";
import type { Job, Named, OperationName, ResolvedSoftmax, RowLayout, TypesOf } from "@gumbel/core/adapter";
import type { TensorKernels } from "./backend.ts";
import { relaxedBernoulliLogProbVjpOf, relaxedBernoulliVjpOf } from "./bernoulli-gradients.ts";
import { divergenceVjpOf, entropyVjpOf } from "./densities.ts";
import { logVjpOf } from "./log-vjp.ts";
import { relaxedLogProbVjpOf } from "./relaxed-densities.ts";
import type { TfCore, TfTensor } from "./tensorflow.ts";
import { weighted } from "./weighted.ts";

/** How the first result of an operation is differentiated in its logits. */
interface Gradient<Call> {
  /** The tensors that are kept for the product. */
  kept(call: Call, inputs: Named<TfTensor>, results: Named<TfTensor>): TfTensor[];
  /** The vector-Jacobian product, of the logits' shape; one for each float input where there are several. */
  product(backward: Backward<Call>): TfTensor | TfTensor[];
}

/** What a product is computed from. */
interface Backward<Call> {
  readonly tf: TfCore;
  readonly kernels: TensorKernels;
  readonly call: Call;
  readonly kept: readonly TfTensor[];
  readonly cotangent: TfTensor;
}

const GRADIENTS: { readonly [O in OperationName]?: Gradient<TypesOf<O>["call"]> } = {
  gumbelSoftmax: gradientOfSample(
    ({ kernels, call, kept: [logits], cotangent }) =>
      kernels.gumbelSoftmaxVjp(call, { logits, cotangent }).gradient,
  ),
  softmax: gradientOfSample(
    ({ kernels, call, kept: [logits], cotangent }) =>
      kernels.softmaxVjp(call, { logits, cotangent }).gradient,
  ),
  gumbelSoftmaxVjp: { kept: nothing, product: refuseSecondOrder },
  softmaxVjp: { kept: nothing, product: refuseSecondOrder },
  gumbelTopK: {
    kept: (_, __, { indices }) => [indices],
    /** The gradient of a value goes to the category that holds it, over the temperature. */
    product({ tf, call: { layout, k, shape, temperature }, kept: [indices], cotangent }) {
      // In four dimensions whatever the rank: TensorFlow.js's own operations are wrong beyond six on some backends.
      const places = [layout.outer, k, 1, layout.inner];
      const isHolder = tf.cast(tf.equal(tf.reshape(indices, places), categoriesOf(tf, layout)), "float32");
      const held = tf.sum(weighted(tf, isHolder, tf.reshape(cotangent, places)), 1);
      return tf.reshape(tf.mul(held, 1 / temperature), [...shape]);
    },
  },
  logProb: {
    kept: (_, { logits, indices }, { logProbs }) => [logits, indices, logProbs],
    /**
     * `c·(e − y)/temperature`, e being the one-hot of the index and y the softmax over what filters keep, which are constant. A
     * category that is masked or left out has none.
     */
    product({ tf, kernels, call, kept: [logits, indices, logProbs], cotangent }) {
      const { layout, shape, temperature, decoding } = call;
      const y =
        decoding === undefined
          ? kernels.softmax({ ...call, outputShape: shape, hard: false, log: false }, { logits }).y
          : kernels.softmaxOfKept(call, decoding, logits);
      const rows = [layout.outer, 1, layout.inner];
      const isAtIndex = tf.equal(tf.reshape(indices, rows), categoriesOf(tf, layout));
      const isKept = tf.notEqual(tf.reshape(logProbs, rows), Number.NEGATIVE_INFINITY);
      const oneHot = tf.cast(tf.logicalAnd(isAtIndex, isKept), "float32");
      const rest = tf.sub(oneHot, tf.reshape(y, [layout.outer, layout.categories, layout.inner]));
      const temperatures =
        decoding === undefined || decoding.temperature.length === 1
          ? temperature
          : tf.tensor(Float32Array.from(decoding.temperature), rows);
      const scaled = tf.div(weighted(tf, rest, tf.reshape(cotangent, rows)), temperatures);
      return tf.reshape(scaled, [...shape]);
    },
  },
  entropy: {
    kept: (_, { logits }) => [logits],
    product: ({ tf, kernels, call, kept: [logits], cotangent }) =>
      entropyVjpOf(tf, kernels, call, logits, cotangent),
  },
  klDivergence: {
    kept: (_, { logits, otherLogits }) => [logits, otherLogits],
    product: ({ tf, kernels, call, kept: [logits, otherLogits], cotangent }) =>
      divergenceVjpOf(tf, kernels, call, logits, otherLogits, cotangent),
  },
  relaxedLogProb: {
    kept: (_, { logits, logSample }) => [logits, logSample],
    product: ({ tf, kernels, call, kept: [logits, logSample], cotangent }) =>
      relaxedLogProbVjpOf(tf, kernels, call, logits, logSample, cotangent),
  },
  relaxedBernoulli: {
    // A hard sample draws its soft one again, at the same key.
    kept: (call, { logits }, { y }) => [call.hard ? logits : y],
    product({ tf, kernels, call, kept: [kept], cotangent }) {
      const y = call.hard ? kernels.relaxedBernoulli({ ...call, hard: false }, { logits: kept }).y : kept;
      return relaxedBernoulliVjpOf(tf, call, y, cotangent);
    },
  },
  relaxedBernoulliLogProb: {
    kept: (_, { logits, sampleLogits }) => [logits, sampleLogits],
    product: ({ tf, call, kept: [logits, sampleLogits], cotangent }) =>
      relaxedBernoulliLogProbVjpOf(tf, call, logits, sampleLogits, cotangent),
  },
};

/** Categories as a column beside the rows of a layout, `[outer, categories, inner]`. */
function categoriesOf(tf: TfCore, { categories }: RowLayout): TfTensor {
  return tf.reshape(tf.range(0, categories, 1, "int32"), [categories, 1]);
}

/** A soft sample is all that its gradient needs; a hard one draws its soft sample again from the logits. */
function gradientOfSample<Call extends ResolvedSoftmax>(
  vjp: (backward: Backward<Call>) => TfTensor,
): Gradient<Call> {
  return {
    kept: (call, { logits }, { y }) => [call.hard ? logits : y],
    product(backward) {
      const { tf, kernels, call, kept, cotangent } = backward;
      if (call.hard) return vjp(backward);
      if (call.log) return logVjpOf(tf, call, kept[0], cotangent);
      return kernels.softmaxVjpOfSample(call, kept[0], cotangent);
    },
  };
}

function nothing(): TfTensor[] {
  return [];
}

function refuseSecondOrder(): never {
  throw new UnsupportedError("a second-order gradient", "@gumbel/tfjs");
}

/**
 * Runs a kernel and records the gradient of its first result.
 *
 * @param kernelsOf looks the kernels up: the backend may be another one when the gradient is computed
 * @param inputs of the kernel, as the call's dtypes say
 */
export function withGradient(
  tf: TfCore,
  kernelsOf: () => TensorKernels,
  start: (inputs: Named<TfTensor>) => Named<TfTensor>,
  { operation, call, outputs }: Job<TfTensor>,
  inputs: Named<TfTensor>,
): Named<TfTensor> {
  // The types of one operation are forgotten here.
  const gradient = GRADIENTS[operation.name as OperationName] as Gradient<object> | undefined;
  // Outside tf.grad and optimizers nothing is recorded; customGrad would still take 3 µs.
  if (gradient === undefined || tf.engine().state.gradientDepth === 0) return start(inputs);
  const [name, second] = Object.keys(outputs);
  // TensorFlow.js records the gradient of one result, and disposes what else is made meanwhile.
  const early = second === undefined ? undefined : start(inputs);
  const recorded = tf.customGrad((...parameters) => {
    const save = parameters.at(-1) as unknown as (tensors: TfTensor[]) => void;
    const results = early ?? start(inputs);
    save(gradient.kept(call, inputs, results));
    return {
      value: early === undefined ? results[name] : tf.clone(results[name]),
      gradFunc(cotangent, saved) {
        const kept = saved as TfTensor[];
        const products = gradient.product({ tf, kernels: kernelsOf(), call, kept, cotangent });
        const refusing = [products].flat().map((product) => {
          const recorded = tf.customGrad(() => ({ value: product, gradFunc: refuseSecondOrder }));
          return recorded(...kept, cotangent);
        });
        return refusing.length === 1 ? refusing[0] : refusing;
      },
    };
  });
  const floats = Object.keys(inputs).filter((input) => operation.inputs[input].dtype === "float32");
  const differentiable = recorded(...floats.map((input) => inputs[input]));
  return early === undefined ? { [name]: differentiable } : { ...early, [name]: differentiable };
}
