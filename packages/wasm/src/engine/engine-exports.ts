// What assembly/index.ts exports, as types.

/** Functions that assembly/index.ts exports. Addresses are in bytes, lengths in elements, counters are {@link CounterWords}. */
export type FunctionName =
  | "bits"
  | "gumbel"
  | "perturb"
  | "shiftRows"
  | "argmaxRows"
  | "categoricalRows"
  | "conditionRows"
  | "maskRow"
  | "setFilters"
  | "filteredCategorical"
  | "filteredPartial"
  | "filteredSoftmax"
  | "softmaxRows"
  | "softmaxChunk"
  | "partialSoftmaxRows"
  | "gumbelSoftmaxRows"
  | "gumbelSoftmaxChunk"
  | "chunkFactors"
  | "softmaxVjpRows"
  | "softmaxVjpChunk"
  | "dotChunk";

/** What an instance offers. */
export interface EngineExports extends Record<FunctionName, (...numbers: number[]) => void> {
  readonly memory: WebAssembly.Memory;
  readonly FIRST: WebAssembly.Global;
  readonly SECOND: WebAssembly.Global;
  readonly RESULT: WebAssembly.Global;
  readonly ROOM: WebAssembly.Global;
  readonly CHUNK: WebAssembly.Global;
}

/** Key and counter of the first element: `(k0, k1, hi, lo)`. */
export type CounterWords = readonly [k0: number, k1: number, hi: number, lo: number];
