// Faults that one call cannot show: caches, races, shared memory, leaks on side paths.

import { OPERATION_NAMES } from "../../../src/adapter.ts";
import type { OperationName } from "../../../src/index.ts";
import { nextKey } from "../../../src/random/key-stream.ts";
import { alter, given, isLastAxis, type Options, productOf, spoil } from "../alter.ts";
import type { Handle } from "../float-backend.ts";
import type { Sabotage } from "../sabotage.ts";

const SOFT: readonly OperationName[] = ["gumbelSoftmax", "softmax"];
const ON_LOGITS = OPERATION_NAMES.filter((operation) => operation !== "bits" && operation !== "gumbel");

/** Options under which an earlier call of the same shape was compiled: what a cache keyed by shape alone keeps. */
function compiledByShape(names: readonly (keyof Options)[]) {
  const compiled = new Map<string, Options>();
  return (options: Options, { operation, logits }: { operation: OperationName; logits: Handle }): Options => {
    const id = `${operation} ${logits.shape}`;
    const kept = Object.fromEntries(names.map((name) => [name, options[name]]));
    if (!compiled.has(id)) compiled.set(id, kept);
    return { ...options, ...compiled.get(id) };
  };
}

/** Whether a call is sound enough to be compiled: faults in caches have no part in refusals. */
const isSound = ({ axis = -1, temperature = 1 }: Options, { logits }: { logits: Handle }) =>
  Number.isInteger(axis) && axis < logits.shape.length && axis >= -logits.shape.length && temperature > 0;

export const stateFaults: readonly Sabotage[] = [
  ...(
    [
      ["axis", ["axis"]],
      ["temperature", ["temperature"]],
      ["choice of hard", ["hard"]],
    ] as const
  ).map(([what, names]): Sabotage => {
    const compile = compiledByShape(names);
    return {
      name: `a kernel is kept by shape with the ${what} of its first call`,
      fault: given(SOFT, (options, call) =>
        // An estimator would not suit another choice of hard.
        isSound(options, call) && typeof options.hard !== "number" && !("estimator" in options)
          ? compile(options, call)
          : options,
      ),
      breaks: ["GS-4", "GS-2", "GS-1"],
    };
  }),
  {
    name: "a kernel of top-k is kept by shape with the axis of its first call",
    fault: (() => {
      const compile = compiledByShape(["axis"]);
      return given(["gumbelTopK"], (options, call) => {
        const square = new Set(call.logits.shape).size === 1;
        return isSound(options, call) && square ? compile(options, call) : options;
      });
    })(),
    breaks: ["TOPK-1"],
  },
  ...(["categorical", "gumbelSoftmax", "gumbelTopK", "gumbelSoftmaxVjp", "gumbel", "bits"] as const).map(
    (operation): Sabotage => {
      let current: Options = {};
      return {
        name: `two calls of ${operation} at the same time draw with the key of the second`,
        fault: alter([operation], async ({ options, honest }) => {
          current = options;
          for (let i = 0; i < 3; i++) await Promise.resolve();
          return honest(
            options?.key === undefined ? options : { ...options, key: current?.key ?? options.key },
          );
        }),
        breaks: ["KEY-4"],
      };
    },
  ),
  {
    name: "two calls of softmax at the same time share their output",
    fault: (() => {
      const outputs = new Map<number, Float32Array>();
      return alter(["softmax"], async ({ honest }) => {
        const [y] = await honest();
        const output = outputs.get(y.data.length) ?? new Float32Array(y.data.length);
        outputs.set(y.data.length, output);
        output.set(y.data as Float32Array);
        for (let i = 0; i < 3; i++) await Promise.resolve();
        y.data.set(output);
        return [y];
      });
    })(),
    breaks: ["KEY-4"],
  },
  {
    name: "results come from a ring of eight buffers",
    fault: (() => {
      const ring: Float32Array[] = [];
      return alter(["gumbelSoftmax"], async ({ honest }) => {
        const [y] = await honest();
        if (y.data.length > 64) return [y];
        const buffer = ring.length < 8 ? new Float32Array(64) : ring.shift()!;
        ring.push(buffer);
        buffer.set(y.data as Float32Array);
        (y as { data: Float32Array }).data = buffer.subarray(0, y.data.length);
        return [y];
      });
    })(),
    breaks: ["LIFE-1"],
  },
  {
    name: "softmax and its gradient share a scratch buffer, which is softmax's result",
    fault: (() => {
      const scratch = new Map<number, Float32Array>();
      return {
        sampler: (honest) => ({
          async softmax(logits, options) {
            const y = (await honest.softmax(logits, options)) as Handle;
            scratch.set(y.data.length, y.data as Float32Array);
            return y;
          },
          async softmaxVjp(logits, cotangent, options) {
            const gradient = (await honest.softmaxVjp(logits, cotangent, options)) as Handle;
            scratch.get(gradient.data.length)?.set(gradient.data as Float32Array);
            return gradient;
          },
        }),
      };
    })(),
    breaks: ["LIFE-1"],
  },
  {
    name: "the same logits and options give the same tensor again, which two callers then release",
    fault: (() => {
      const known = new WeakMap<Handle, Map<string, Handle[]>>();
      return alter(["softmax", "categorical"], async ({ operation, logits, options, honest }) => {
        const results = known.get(logits) ?? new Map<string, Handle[]>();
        known.set(logits, results);
        const id = operation + JSON.stringify(options ?? {});
        const kept = (options?.key ?? operation === "softmax") ? results.get(id) : undefined;
        const result = kept ?? (await honest());
        results.set(id, result);
        return result;
      });
    })(),
    breaks: ["LIFE-1"],
  },
  {
    name: "results are computed when they are read, from inputs that must still be there",
    fault: alter(["softmaxVjp"], async ({ logits, honest }, { isAlive }) => {
      const [gradient] = await honest();
      const { data } = gradient;
      Object.defineProperty(gradient, "data", {
        get() {
          if (!isAlive(logits)) throw new Error("the logits are released");
          return data;
        },
      });
      return [gradient];
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "the gradient releases the cotangent that it was given",
    fault: alter(["softmaxVjp"], async ({ inputs, honest }, { release }) => {
      const result = await honest();
      release(inputs[1] as Handle);
      return result;
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "logits that are degenerate are released by mistake",
    fault: alter(["gumbelSoftmax"], async ({ logits, honest }, { release }) => {
      const [y] = await honest();
      if (y.data.some(Number.isNaN)) release(logits);
      return [y];
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "an empty result is the empty input itself",
    fault: alter(["softmax"], async ({ logits, honest }, { release }) => {
      const [y] = await honest();
      if (y.data.length > 0) return [y];
      release(y);
      return [logits];
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "the gradient of a single category is the cotangent's memory, filled with 0",
    fault: alter(["softmaxVjp"], async ({ inputs, logits, options, honest }) => {
      const [gradient] = await honest();
      if (logits.shape.at(options?.axis ?? -1) !== 1) return [gradient];
      const cotangent = inputs[1] as Handle;
      cotangent.data.set(gradient.data);
      return [gradient];
    }),
    breaks: ["LIFE-1"],
  },
  ...(
    [
      [
        "with samples",
        (options: Options) => productOf(options.sampleShape) > 1,
        ["categorical", "gumbelSoftmaxVjp"],
      ],
      [
        "along an inner axis, for the transposed copy",
        (_: Options, logits: Handle) => logits.shape.length > 1,
        ON_LOGITS,
      ],
      ["when there is nothing to do", (_: Options, logits: Handle) => logits.data.length === 0, SOFT],
      ["at precision jax", (options: Options) => options.precision === "jax", ["gumbelTopK"]],
      [
        "for rows that are degenerate",
        (_: Options, logits: Handle) => logits.data.some(Number.isNaN),
        ["gumbelSoftmaxVjp"],
      ],
    ] as const
  ).map(
    ([when, does, operations]): Sabotage => ({
      name: `${operations.length === 1 ? operations[0] : "an operation"} leaks a tensor ${when}`,
      fault: alter(operations as readonly OperationName[], async (call, { make }) => {
        const results = await call.honest();
        const options = call.options ?? {};
        const isInner = !when.startsWith("along") || !isLastAxis({ ...call, options });
        if (isInner && does(options, call.logits)) make([0], [1]);
        return results;
      }),
      breaks: ["LIFE-2"],
    }),
  ),
  {
    name: "top-k leaks a tensor when k is 0",
    fault: alter(["gumbelTopK"], async ({ inputs, honest }, { make }) => {
      const results = await honest();
      if (inputs[1] === 0) make([0], [1]);
      return results;
    }),
    breaks: ["LIFE-2"],
  },
  {
    name: "the sample shape is extended in place to the noise's",
    fault: alter(["categorical"], async ({ options, logits, honest }) => {
      const result = await honest();
      if (Array.isArray(options?.sampleShape)) (options.sampleShape as number[]).push(...logits.shape);
      return result;
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "the shape of the bits is padded in place",
    fault: alter(["bits"], async ({ inputs, honest }) => {
      const result = await honest();
      (inputs[0] as number[]).unshift(1);
      return result;
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "options are completed in place",
    fault: alter(["softmax"], async ({ options, honest }) => {
      const result = await honest();
      if (options !== undefined) options.temperature ??= 1;
      return result;
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "the logits are reshaped in place to rows and columns",
    fault: alter(["gumbelTopK"], async ({ logits, honest }) => {
      const result = await honest();
      const columns = logits.shape.at(-1)!;
      if (logits.shape.length > 2)
        (logits as { shape: readonly number[] }).shape = [logits.data.length / columns, columns];
      return result;
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "masks are written into the logits as −1e30",
    fault: alter(["softmax"], async ({ logits, honest }) => {
      const result = await honest();
      logits.data.forEach((value, i) => {
        if (value === -Infinity) logits.data[i] = -1e30;
      });
      return result;
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "a key is known again by its array, not by its words",
    fault: (() => {
      const known = new WeakMap<object, readonly [number, number]>();
      return given(["gumbel", "categorical"], (options) => {
        if (!Array.isArray(options.key) || options.key.length !== 2) return options;
        if (!known.has(options.key)) known.set(options.key, [...options.key] as [number, number]);
        return { ...options, key: known.get(options.key)! };
      });
    })(),
    breaks: ["KEY-1"],
  },
  {
    name: "a call with a key draws one from the default stream too",
    fault: given(["gumbelSoftmax", "categorical"], (options) => {
      if (options.key !== undefined) nextKey();
      return options;
    }),
    breaks: ["KEY-3"],
  },
  {
    name: "a call without a key draws one for each sample",
    fault: spoil(["categorical"], (_, { options }) => {
      if (options.key === undefined) for (let s = 1; s < productOf(options.sampleShape); s++) nextKey();
    }),
    breaks: ["KEY-3"],
  },
  {
    name: "dispose fails, and so nothing is disposed",
    fault: {
      sampler: () => ({
        dispose() {
          throw new TypeError("cannot read properties of undefined");
        },
      }),
    },
    breaks: ["LIFE-3"],
  },
];
