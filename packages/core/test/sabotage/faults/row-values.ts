// Faults in values and keys by row: which row a value belongs to, and in what arrays it comes.
import { layoutOf, type RowLayout } from "../../../src/adapter.ts";
import type { Key } from "../../../src/index.ts";
import { NO_FILTERS } from "../../../src/reference/filter-row.ts";
import { alter, given, type Options } from "../alter.ts";
import type { Fault } from "../float-backend.ts";
import type { Sabotage } from "../sabotage.ts";

/** Options of `categorical`, as they come. */
interface RowOptions extends Omit<Options, "key" | "temperature"> {
  readonly key?: Key | readonly Key[];
  readonly temperature?: number | ArrayLike<number>;
  readonly topP?: unknown;
}

function isKeyList(key: RowOptions["key"]): key is readonly Key[] {
  return Array.isArray(key) && typeof key[0] === "object";
}

/** Other options for calls with a key for each row. */
function givenKeys(change: (keys: readonly Key[], options: RowOptions) => object): Fault {
  return given(["categorical"], (options) => {
    const { key } = options as RowOptions;
    return isKeyList(key) ? ({ ...options, ...change(key, options as RowOptions) } as Options) : options;
  });
}

/** Values by row in the order of `[inner, outer]`. */
function transposed(): Fault {
  let layout: RowLayout;
  const swap = (row: number) => (row % layout.inner) * layout.outer + Math.floor(row / layout.inner);
  const noted = alter(["categorical", "logProb"], ({ honest, options, logits }) => {
    const { length: rank } = logits.shape;
    const axis = options?.axis ?? -1;
    // Of an axis that is refused there is no layout.
    layout = layoutOf(logits.shape, Math.max(0, axis < 0 ? axis + rank : axis));
    return honest();
  });
  return {
    ...noted,
    parts: (honest) => ({
      filterOf: (decoding, row) => honest.filterOf(decoding, swap(row)),
      temperatureOf: (decoding, row, index) => honest.temperatureOf(decoding, swap(row), index),
    }),
  };
}

export const rowValueFaults: readonly Sabotage[] = [
  { name: "values by row go by inner dimensions first", fault: transposed(), breaks: ["DEC-8", "DEC-12"] },
  {
    name: "a filter by row is off where its first value is",
    fault: {
      parts: (honest) => ({
        filterOf(decoding, row) {
          const { topP, topK, ...filter } = honest.filterOf(decoding, row);
          return {
            ...filter,
            topP: decoding.topP[0] === NO_FILTERS.topP ? NO_FILTERS.topP : topP,
            topK: decoding.topK[0] === NO_FILTERS.topK ? NO_FILTERS.topK : topK,
          };
        },
      }),
    },
    breaks: ["DEC-8"],
  },
  {
    name: "noise under keys by row starts at counter 0, whatever the offset",
    fault: givenKeys((_, { offset }) => (offset! >= 0 ? { offset: 0 } : {})),
    breaks: ["DEC-9", "BITS-4", "DEC-1"],
  },
  {
    name: "of keys by row the low words count alone",
    fault: givenKeys((keys) => ({
      key: keys.map((key) => (key.length === 2 && key[0] === key[0] >>> 0 ? [0, key[1]] : key)),
    })),
    breaks: ["DEC-9", "KEY-1", "DEC-1"],
  },
  {
    name: "keys by row must be plain arrays",
    fault: givenKeys((keys) => {
      if (ArrayBuffer.isView(keys[0])) throw new TypeError(`key must be an array of keys, got ${keys[0]}`);
      return {};
    }),
    // A valid call is refused, which is no result of categorical.
    breaks: ["CAT-1"],
  },
  {
    name: "temperatures by row are inverted in place",
    fault: alter(["categorical"], async ({ honest, options }) => {
      const results = await honest();
      const { temperature } = (options ?? {}) as { readonly temperature?: unknown } as {
        readonly temperature?: Float32Array;
      };
      if (typeof temperature === "object" && temperature !== null)
        temperature.forEach((tau, row) => {
          temperature[row] = 1 / tau;
        });
      return results;
    }),
    breaks: ["LIFE-1"],
  },
];
