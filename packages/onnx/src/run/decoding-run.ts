// The run of a categorical call with filters, or with values and keys by row: its graph and what it is fed.
import {
  type ResolvedCategorical,
  type ResolvedDecoding,
  type RowValues,
  rowCountOf,
} from "@gumbel/core/adapter";
import type { Kernels } from "../nodes/kernels.ts";
import type { RowParameter } from "../nodes/row-parameters.ts";
import type { SessionRun } from "./kernels.ts";
import { type Feed, int64Feed } from "./noise-source.ts";

/** Candidates of top-p before whole rows are sorted. */
const CANDIDATES = 1024;

/** The parameters whose values a graph is fed: names of options and inputs, and the values that leave all as it is. */
const PARAMETERS = [
  { option: "temperature", input: "temperature", off: 1 },
  { option: "topK", input: "top_k", off: 0 },
  { option: "topP", input: "top_p", off: 1 },
  { option: "minP", input: "min_p", off: 0 },
] as const;

/** Plans the run. */
export function decodingRun(
  call: ResolvedCategorical,
  decoding: ResolvedDecoding,
  kernels: Kernels,
): SessionRun {
  const { layout, noise, outputShape } = call;
  const { samples, outer, categories, inner } = layout;
  const { keys, mask, wordsPerRow } = decoding;
  const rows = rowCountOf(layout);
  const noiseLayout = keys === undefined ? [samples, outer, categories, inner] : [samples, rows, categories];
  const feeds: Record<string, Feed> = {
    layout: int64Feed([outer, categories, inner]),
    noise_layout: int64Feed(noiseLayout),
    noise_shape: int64Feed(noise.shape),
    indices_shape: int64Feed(outputShape),
  };
  const parameters: Partial<Record<(typeof PARAMETERS)[number]["option"], RowParameter>> = {};
  for (const { option, input, off } of PARAMETERS) {
    const values = decoding[option];
    if (values.every((value) => value === off)) continue;
    const isOne = values.length === 1;
    parameters[option] = isOne ? "input" : "per-row";
    feeds[input] = feedOf(option === "topK" ? "int64" : "float32", values, isOne ? [] : [rows]);
  }
  if (mask !== undefined) {
    feeds.mask = { type: "uint32", data: mask, dims: [mask.length / wordsPerRow, wordsPerRow] };
  }
  const { temperature = 1, topK, topP, minP } = parameters;
  const { isTemperatureLast } = decoding;
  return {
    graph: {
      operation: "decoding",
      decoding: { temperature, topK, topP, minP, isTemperatureLast, candidates: CANDIDATES },
      hasMask: mask !== undefined,
      hasRowKeys: keys !== undefined,
      isStrided: inner !== 1,
      kernels,
      indexType: "int32",
      opset: 18,
    },
    values: { rows: feeds },
    draws: noise,
    keys,
  };
}

function feedOf(type: "int64" | "float32", values: RowValues, dims: readonly number[]): Feed {
  if (type === "float32") return { type, data: Float32Array.from(values), dims };
  return int64Feed(Array.from(values), dims);
}
