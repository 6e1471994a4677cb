// The shape that an exported graph states for its logits: ONNX's checker wants the rank of every input and output.
import { describe } from "@gumbel/core/adapter";
import type { Dimension } from "../graph/graph-builder.ts";

/** The largest rank, and the limit of an axis. */
export const LARGEST_RANK = 64;

/**
 * Checks a shape of logits; left out, it is the smallest of at least two dimensions that has the axis, with sizes that vary.
 *
 * @throws RangeError or TypeError naming what is wrong
 */
export function resolveShape(
  shape: readonly Dimension[] | null | undefined,
  axis: number,
): readonly Dimension[] {
  const dims = shape == null ? shapeOfRank(Math.max(2, axis < 0 ? -axis : axis + 1), axis) : shape;
  assertDimensions(dims, "shape");
  if (axis < -dims.length || axis >= dims.length) {
    const range = `[${-dims.length}, ${dims.length - 1}]`;
    throw new RangeError(
      `axis must be an integer in ${range} for the shape [${dims.join(", ")}], got ${axis}`,
    );
  }
  if (dims.at(axis) === 0) {
    throw new RangeError(`shape must have a category along axis ${axis}, got [${dims.join(", ")}]`);
  }
  return [...dims];
}

function shapeOfRank(rank: number, axis: number): Dimension[] {
  const own = axis < 0 ? axis + rank : axis;
  const batch = (d: number) => (rank === 2 ? "batch" : `batch_${d < own ? d : d - 1}`);
  return Array.from({ length: rank }, (_, d) => (d === own ? "categories" : batch(d)));
}

/** Checks that a value is a list of sizes, and of names of sizes that vary. */
export function assertDimensions(dims: unknown, argument: string): asserts dims is readonly Dimension[] {
  const isDimension = (dimension: unknown) =>
    typeof dimension === "string"
      ? dimension !== ""
      : Number.isSafeInteger(dimension) && Number(dimension) >= 0;
  if (!Array.isArray(dims)) {
    throw new TypeError(
      `${argument} must be a list of sizes and of names of sizes that vary, got ${describe(dims)}`,
    );
  }
  if (dims.length === 0 || dims.length > LARGEST_RANK) {
    throw new RangeError(`${argument} must have 1 to ${LARGEST_RANK} dimensions, got ${dims.length}`);
  }
  const wrong = dims.findIndex((dimension) => !isDimension(dimension));
  if (wrong === -1) return;
  const given: unknown = dims[wrong];
  const message = `${argument} must hold integers >= 0 and names, got ${describe(given)} at ${wrong}`;
  throw typeof given === "number" || typeof given === "string"
    ? new RangeError(message)
    : new TypeError(message);
}
