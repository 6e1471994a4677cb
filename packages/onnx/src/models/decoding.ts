// A draw with filters: which categories top-k, top-p and min-p keep, as values of a graph. Follows core's filter-row.ts.
import { FLT_MAX } from "@gumbel/core/adapter";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "../nodes/cast.ts";
import type { Kernels } from "../nodes/kernels.ts";
import { massesOf, massOf } from "../nodes/masses.ts";
import {
  floatParameter,
  parameterInput,
  type RowParameter,
  type RowPlace,
  type RowValue,
} from "../nodes/row-parameters.ts";
import { both, boundedRows, type RowCheck, rowMaximum, shiftedRows, unmasked } from "../nodes/rows.ts";
import { TEMPERATURE_RANGE } from "../nodes/temperature.ts";

/** Parameters of a draw, resolved; a filter that is left out is off. */
export interface Decoding {
  readonly temperature: RowParameter;
  readonly topK: RowParameter | undefined;
  readonly topP: RowParameter | undefined;
  readonly minP: RowParameter | undefined;
  /** Whether filters see the probabilities at temperature 1. */
  readonly isTemperatureLast: boolean;
  /** How many of the largest logits top-p looks at before it sorts whole rows. */
  readonly candidates: number;
}

/** Categories that a draw is made among. */
export interface Kept {
  /** `logits − max`, −∞ for a category that is left out. */
  readonly scores: Value;
  /** The categories of the scores, int64, by falling rank; undefined: all of them in their order. */
  readonly indices: Value | undefined;
  /** The maximum that was subtracted. */
  readonly maximum: Value;
  readonly rows: RowCheck;
  /** The temperature that noise is multiplied by, from 0 on; undefined: 1. */
  readonly temperature: Value | undefined;
  /** The temperature that divides scores, from 2⁻⁴⁰ on; undefined: 1. */
  readonly divisor: Value | undefined;
}

/** Below every category's mass, above 0: at top-p 0 the first category stays. */
const LEAST_MASS = 2 ** -100;

/**
 * Adds the filters, and declares their inputs: temperature, top_k, top_p and min_p.
 *
 * A number out of range counts as the nearest one in it, a top_k below 1 as none; NaN makes its rows degenerate.
 *
 * @param logits with a category and a row
 * @param shape int64 vector: that of the logits
 * @param place of the rows; with top-k and top-p the axis is −1
 */
export function keptRows(
  builder: GraphBuilder,
  logits: Value,
  shape: Value,
  decoding: Decoding,
  place: RowPlace,
  kernels: Kernels,
): Kept {
  const float = (name: string, given: RowParameter | undefined, range: readonly [number, number]) =>
    given === undefined ? undefined : floatParameter(builder, name, given, range, place);
  const temperature =
    decoding.temperature === 1
      ? undefined
      : float("temperature", decoding.temperature, [0, TEMPERATURE_RANGE[1]]);
  const topP = float("top_p", decoding.topP, [0, 1]);
  const minP = float("min_p", decoding.minP, [0, 1]);
  const divisor = temperature && positive(builder, temperature.value);
  const filterDivisor = decoding.isTemperatureLast ? undefined : divisor;
  const context = { builder, logits, shape, kernels, divisor: filterDivisor, decoding, place };
  const ranked =
    decoding.topK === undefined && topP === undefined
      ? unranked(context, place.axis)
      : rankedRows(context, topP);
  const scores = minP === undefined ? ranked.scores : aboveShare(context, ranked.scores, minP.value);
  const areNumbers = [temperature, topP, minP].flatMap((each) => each?.isNumber ?? []);
  const isUsable: RowCheck["isUsable"] = (anyUnmasked) =>
    areNumbers.reduce(
      (usable, isNumber) => both(builder, usable, isNumber, kernels),
      ranked.rows.isUsable(anyUnmasked),
    );
  return { ...ranked, scores, rows: { isUsable }, temperature: temperature?.value, divisor };
}

interface Context {
  readonly builder: GraphBuilder;
  readonly logits: Value;
  readonly shape: Value;
  readonly kernels: Kernels;
  /** The temperature of the filters. */
  readonly divisor: Value | undefined;
  readonly decoding: Decoding;
  readonly place: RowPlace;
}

type Ranked = Pick<Kept, "scores" | "indices" | "maximum" | "rows">;

function unranked({ builder, logits, kernels }: Context, axis: number): Ranked {
  const rows = shiftedRows(builder, logits, axis, kernels);
  return { scores: rows.shifted, indices: undefined, maximum: rows.maximum, rows };
}

/** The largest logits of each row, sorted, without those that top-k and top-p leave out. */
function rankedRows(context: Context, topP: RowValue | undefined): Ranked {
  const { builder, shape, kernels, decoding } = context;
  const { node, constant } = builder;
  const categories = node("Gather", [shape, constant("int64", [-1])], "categories");
  if (decoding.topK === undefined) return nucleus(context, categories, topP as RowValue);
  return builder.scope("top_k", () => {
    const { count, limit } = countOf(context, categories);
    const { values, indices } = largest(context, count);
    const maximum = rowMaximum(builder, values, -1, kernels);
    const shifted = node("Sub", [values, maximum], "shifted");
    const scores = limit === undefined ? shifted : masked(builder, shifted, below(builder, count, limit));
    const kept = topP === undefined ? scores : nucleusOf(context, scores, topP);
    const isUsable = isUsableRow(context, values, maximum);
    return { scores: kept, indices, maximum, rows: { isUsable: () => isUsable } };
  });
}

/** Whether a row can be drawn from, given its largest logits and the largest of these. */
function isUsableRow({ builder, logits, kernels }: Context, values: Value, maximum: Value): Value {
  const { node, constant } = builder;
  const bounded = boundedRows(builder, logits, -1);
  if (kernels === "cpu") {
    const isUnmasked = node("GreaterOrEqual", [maximum, constant("float32", -FLT_MAX)], "is_unmasked");
    return both(builder, bounded.isUsable(), isUnmasked, kernels);
  }
  // A GPU's maximum of −∞ alone is finite.
  const flags = unmasked(builder, values);
  return bounded.isUsable(
    node("ReduceMax", [flags, constant("int64", [-1])], "any_unmasked", { keepdims: 1 }),
  );
}

/** How many places are sorted (int64 [1]), and how many of them count in each row where that differs. */
function countOf({ builder, decoding, place }: Context, categories: Value): { count: Value; limit?: Value } {
  const { node, constant } = builder;
  const { topK } = decoding;
  if (typeof topK === "number")
    return { count: node("Min", [categories, constant("int64", [topK])], "count") };
  const given = parameterInput(builder, "top_k", topK as "input" | "per-row", "int64", place);
  const isOff = node("Less", [given, constant("int64", 1)], "is_off");
  const limit = node("Where", [isOff, categories, given], "limit");
  const most = node("ReduceMax", [limit], "largest_limit", { keepdims: 0 });
  const count = node("Min", [categories, node("Reshape", [most, constant("int64", [1])], "most")], "count");
  return topK === "input" ? { count } : { count, limit };
}

/** Whether a place, from 0 on, is below each row's limit. */
function below(builder: GraphBuilder, count: Value, limit: Value): Value {
  const { node, constant } = builder;
  const end = node("Squeeze", [count], "end");
  const places = node("Range", [constant("int64", 0), end, constant("int64", 1)], "places");
  return node("Less", [places, limit], "is_below_limit");
}

/** The largest logits of each row, equal ones by rising index. */
function largest({ builder, logits, kernels }: Context, count: Value): { values: Value; indices: Value } {
  const attributes = { axis: -1, largest: 1, sorted: 1 };
  const outputs = ["values", "indices"];
  const [values, indices] = builder.manyOf("TopK", [logits, count], "largest", outputs, attributes);
  if (kernels === "cpu") return { values, indices };
  // Read anew: a GPU may change −∞ on the way.
  return {
    values: builder.node("GatherElements", [logits, indices], "logits_of_largest", { axis: -1 }),
    indices,
  };
}

/**
 * Top-p of whole rows: among so many of the largest logits, where these hold the mass in every row; otherwise of all, sorted.
 * Both keep the same categories, as masses are summed by rank.
 */
function nucleus(context: Context, categories: Value, topP: RowValue): Ranked {
  const { builder, logits, kernels, divisor, decoding } = context;
  const { node, constant } = builder;
  return builder.scope("top_p", () => {
    const shifted = shiftedRows(builder, logits, -1, kernels);
    const total = massOf(builder, weightsOf(builder, shifted.shifted, divisor));
    const isUsable = kernels === "cpu" ? shifted.isUsable() : shifted.isUsable(total);
    const threshold = thresholdOf(builder, topP, total);
    const count = node("Min", [categories, constant("int64", [decoding.candidates])], "count");
    const first = largest(context, count);
    const scores = node("Sub", [first.values, shifted.maximum], "scores");
    const masses = massesOf(builder, weightsOf(builder, scores, divisor));
    // No row of NaN lacks any.
    const isLacking = cast(
      builder,
      node("Less", [masses.total, threshold], "is_lacking"),
      "float32",
      "lacking",
    );
    const anyLacking = node("ReduceMax", [isLacking], "any_lacking", { keepdims: 0 });
    const isWider = node("Greater", [anyLacking, constant("float32", 0.5)], "is_wider");
    const isAll = node(
      "Equal",
      [node("Squeeze", [count], "count_scalar"), node("Squeeze", [categories], "n")],
      "is_all",
    );
    const isSorted = node("And", [isWider, node("Not", [isAll], "is_part")], "needs_all");
    const keep = (values: Value, before: Value) =>
      masked(builder, values, node("Less", [before, threshold], "is_kept"));
    const outputs = [
      { name: "scores", type: "float32" },
      { name: "indices", type: "int64" },
    ] as const;
    const sorted = () => {
      const all = largest(context, categories);
      const allScores = node("Sub", [all.values, shifted.maximum], "all_scores");
      return [keep(allScores, massesOf(builder, weightsOf(builder, allScores, divisor)).before), all.indices];
    };
    const whole = () => {
      if (topP.isNumber === undefined) return sorted();
      // Where every row is fed a top-p of 1, nothing is to be sorted.
      const least = node("ReduceMin", [topP.value], "least_top_p", { keepdims: 0 });
      const isOff = node("GreaterOrEqual", [least, constant("float32", 1)], "is_off");
      const range = () => {
        const end = node("Squeeze", [categories], "end");
        const places = node("Range", [constant("int64", 0), end, constant("int64", 1)], "places");
        return [shifted.shifted, node("Expand", [places, context.shape], "all_indices")];
      };
      return builder.choose(isOff, "unless_off", outputs, range, sorted);
    };
    const [kept, indices] = builder.choose(isSorted, "among", outputs, whole, () => [
      keep(scores, masses.before),
      first.indices,
    ]);
    return { scores: kept, indices, maximum: shifted.maximum, rows: { isUsable: () => isUsable } };
  });
}

/** Top-p of categories that are sorted already, and hold all the mass that counts. */
function nucleusOf({ builder, divisor }: Context, scores: Value, topP: RowValue): Value {
  return builder.scope("top_p", () => {
    const { before, total } = massesOf(builder, weightsOf(builder, scores, divisor));
    const threshold = thresholdOf(builder, topP, total);
    return masked(builder, scores, builder.node("Less", [before, threshold], "is_kept"));
  });
}

/** What the mass before a category must be less than. */
function thresholdOf({ node, constant }: GraphBuilder, { value, isNumber }: RowValue, total: Value): Value {
  const product = node("Mul", [value, total], "mass");
  const threshold = node("Max", [product, constant("float32", LEAST_MASS)], "threshold");
  if (isNumber === undefined) return threshold;
  const isOff = node("GreaterOrEqual", [value, constant("float32", 1)], "is_off");
  return node("Where", [isOff, constant("float32", FLT_MAX), threshold], "threshold_or_off");
}

/** Min-p: scores of at least `temperature·ln minP`. */
function aboveShare({ builder, divisor }: Context, scores: Value, minP: Value): Value {
  const { node, constant } = builder;
  return builder.scope("min_p", () => {
    // GPUs may make a little of log 1: the largest score, 0, must pass.
    const log = node("Min", [node("Log", [minP], "log"), constant("float32", 0)], "log_share");
    const least = divisor === undefined ? log : node("Mul", [log, divisor], "least_score");
    return masked(builder, scores, node("GreaterOrEqual", [scores, least], "is_kept"));
  });
}

/** Softmax weights of scores. */
export function weightsOf({ node }: GraphBuilder, scores: Value, divisor: Value | undefined): Value {
  return node(
    "Exp",
    [divisor === undefined ? scores : node("Div", [scores, divisor], "exponent")],
    "weights",
  );
}

/** The temperature as a divisor. */
function positive({ node, constant }: GraphBuilder, temperature: Value): Value {
  return node("Max", [temperature, constant("float32", TEMPERATURE_RANGE[0])], "positive_temperature");
}

function masked({ node, constant }: GraphBuilder, scores: Value, isKept: Value): Value {
  return node("Where", [isKept, scores, constant("float32", Number.NEGATIVE_INFINITY)], "kept");
}
