// Faults in what is refused: bad arguments on side paths, declared lacks.

import { UnsupportedError } from "../../../src/errors.ts";
import { nextKey, type OperationName } from "../../../src/index.ts";
import { alter, given, type Options, productOf } from "../alter.ts";
import type { Fault, Handle } from "../float-backend.ts";
import type { Sabotage } from "../sabotage.ts";

/** Options that an `||` takes for left out. */
function falsyIsDefault(operations: readonly OperationName[], name: keyof Options): Fault {
  return given(operations, (options) => ({ ...options, [name]: options[name] || undefined }));
}

export const refusalFaults: readonly Sabotage[] = [
  {
    name: "an empty tensor is answered before its options are looked at",
    fault: alter(["gumbelSoftmax", "softmax"], async ({ honest, logits }, { make }) =>
      logits.data.length === 0 && logits.shape.length > 0 ? [make([], logits.shape)] : honest(),
    ),
    breaks: ["GS-1"],
  },
  {
    name: "the hard path does not look at the temperature",
    fault: given(["gumbelSoftmax", "softmax"], (options) =>
      options.hard === true && !(options.temperature! > 0) ? { ...options, temperature: 1 } : options,
    ),
    breaks: ["ARG-1"],
  },
  {
    name: "errors are thrown as strings",
    fault: alter(["gumbelTopK"], async ({ honest }) => {
      try {
        return await honest();
      } catch (error) {
        throw (error as Error).message;
      }
    }),
    breaks: ["ARG-1"],
  },
  {
    name: "an error does not say what came",
    fault: alter(["categorical"], async ({ honest }) => {
      try {
        return await honest();
      } catch (error) {
        (error as Error).message = (error as Error).message.replace(/got .*/, "");
        throw error;
      }
    }),
    breaks: ["ARG-1"],
  },
  {
    name: "a row stride of 0 is taken for none",
    fault: falsyIsDefault(["bits", "gumbel", "categorical"], "rowStride"),
    breaks: ["ARG-1"],
  },
  {
    name: "an offset of NaN is taken for none",
    fault: falsyIsDefault(["gumbel", "gumbelSoftmax"], "offset"),
    breaks: ["ARG-1"],
  },
  {
    name: "an axis of NaN is taken for none",
    fault: given(["softmax", "gumbelTopK"], (options) =>
      Number.isNaN(options.axis) ? { ...options, axis: -1 } : options,
    ),
    breaks: ["ARG-1"],
  },
  {
    name: "a key of three words is cut to two",
    fault: given(["bits", "gumbelTopK"], (options) =>
      Array.isArray(options.key) && (options.key as unknown[]).length > 2
        ? { ...options, key: [options.key[0], options.key[1]] }
        : options,
    ),
    breaks: ["ARG-1"],
  },
  {
    name: "a cotangent without sample dimensions is broadcast",
    fault: alter(["gumbelSoftmaxVjp"], async ({ inputs, options, logits, honest }, { make, release }) => {
      const cotangent = inputs[1] as Handle;
      const samples = productOf(options?.sampleShape);
      const isSame =
        String(cotangent.shape) === String(logits.shape) && (options?.sampleShape ?? []).length > 0;
      if (!isSame || !Number.isInteger(samples)) return honest();
      const wide = make(Array.from({ length: samples }, () => Array.from(cotangent.data)).flat(), [
        ...(options.sampleShape ?? []),
        ...cotangent.shape,
      ]);
      try {
        return await honest(options, [logits, wide]);
      } finally {
        release(wide);
      }
    }),
    breaks: ["ARG-1"],
  },
  {
    name: "a length stands for a shape",
    fault: alter(["bits"], async ({ inputs, honest, options }) =>
      honest(options, [typeof inputs[0] === "number" ? [inputs[0]] : inputs[0]]),
    ),
    breaks: ["ARG-1"],
  },
  {
    name: "k may be a string of digits",
    fault: alter(["gumbelTopK"], async ({ inputs, honest, options }) =>
      honest(options, [inputs[0], typeof inputs[1] === "string" ? Number(inputs[1]) : inputs[1]]),
    ),
    breaks: ["ARG-1"],
  },
  {
    name: "a k that is left out is 1",
    fault: alter(["gumbelTopK"], async ({ inputs, honest, options }) =>
      honest(options, [inputs[0], inputs[1] ?? 1]),
    ),
    breaks: ["ARG-1"],
  },
  {
    name: "precision jax is declared missing, and silently full in the gradient",
    fault: {
      sampler(honest, context) {
        const refusing = alter(
          ["gumbel", "gumbelSoftmax", "categorical", "gumbelTopK"],
          async ({ options, honest }) => {
            if (options?.precision === "jax") throw new UnsupportedError("precision jax", "this backend");
            return honest();
          },
        );
        return {
          ...refusing.sampler?.(honest, context),
          capabilities: { ...honest.capabilities, precisions: ["full"] },
          ...given(["gumbelSoftmaxVjp"], (options) =>
            options.precision === "jax" ? { ...options, precision: "full" } : options,
          ).sampler?.(honest, context),
        };
      },
    },
    breaks: ["ARG-3"],
  },
  {
    name: "sharding is declared missing, and an offset of bits silently ignored",
    fault: {
      sampler(honest) {
        const refuse = <T extends Options>(options?: T) => {
          if (options?.offset !== undefined || options?.rowStride !== undefined)
            throw new UnsupportedError("offset", "this backend");
          return options;
        };
        return {
          capabilities: { ...honest.capabilities, sharding: false },
          bits: (shape, { key } = {}) => honest.bits(shape, { key }),
          gumbel: (shape, options) => honest.gumbel(shape, refuse(options as Options) as typeof options),
          gumbelSoftmax: (logits, options) =>
            honest.gumbelSoftmax(logits, refuse(options as Options) as typeof options),
          categorical: (logits, options) =>
            honest.categorical(logits, refuse(options as Options) as typeof options),
          gumbelTopK: (logits, k, options) =>
            honest.gumbelTopK(logits, k, refuse(options as Options) as typeof options),
          gumbelSoftmaxVjp: (logits, cotangent, options) =>
            honest.gumbelSoftmaxVjp(logits, cotangent, refuse(options as Options) as typeof options),
        };
      },
    },
    breaks: ["ARG-3", "ARG-1"],
  },
  {
    name: "an operation is declared missing, and works",
    fault: {
      sampler: (honest) => ({
        capabilities: {
          ...honest.capabilities,
          operations: honest.capabilities.operations.filter((operation) => operation !== "softmaxVjp"),
        },
      }),
    },
    breaks: ["ARG-3"],
  },
  {
    name: "a refused call has drawn its key already",
    fault: alter(["conditionalGumbel"], async ({ honest, options }) => {
      try {
        return await honest();
      } catch (error) {
        if (options?.key == null) nextKey();
        throw error;
      }
    }),
    breaks: ["KEY-3"],
  },
];
