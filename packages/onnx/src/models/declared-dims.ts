// Dimensions that a graph states for its inputs and outputs, worked out from those of its logits.
import type { Dimension } from "../graph/graph-builder.ts";

/** The dimensions of a tensor; undefined where a graph takes any rank. */
export type Dims = readonly Dimension[] | undefined;

/** Dimensions of samples: those of a sample shape, one that varies where it is an input, before those of the logits. */
export function sampledDims(dims: Dims, sampleShape: readonly number[] | "input", logits: Dims = dims): Dims {
  if (dims === undefined) return undefined;
  return sampleShape === "input" ? [unusedName("samples", logits), ...dims] : [...sampleShape, ...dims];
}

/** Dimensions without the axis. */
export function dimsWithoutAxis(dims: Dims, axis: number): Dims {
  if (dims === undefined) return undefined;
  const own = axis < 0 ? axis + dims.length : axis;
  return dims.filter((_, d) => d !== own);
}

/** Dimensions with another one at the axis. */
export function dimsWithAxis(dims: Dims, axis: number, dimension: Dimension): Dims {
  if (dims === undefined) return undefined;
  const own = axis < 0 ? axis + dims.length : axis;
  return dims.map((old, d) => (d === own ? dimension : old));
}

/** A name that no dimension has: equal names state equal sizes. */
export function unusedName(name: string, dims: Dims = []): string {
  let unused = name;
  for (let i = 2; dims.includes(unused); i++) unused = `${name}_${i}`;
  return unused;
}
