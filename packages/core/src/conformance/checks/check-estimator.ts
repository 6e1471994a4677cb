// Products of estimators: the reference's, for the hard sample that a backend may have drawn.
import type { ResolvedEstimator } from "../../estimators.ts";
import { expectedGap } from "../../expected-gap.ts";
import type { NdData } from "../../nd-array.ts";
import type { ResolvedGumbelSoftmax } from "../../operations/gumbel-softmax.ts";
import { estimate } from "../../reference/estimate.ts";
import { redraw } from "../../reference/redraw.ts";
import { argmax, withNoise } from "../../reference/rows.ts";
import type { CallOf } from "../call.ts";
import { resolvedOf } from "../call-on.ts";
import { ConformanceFailure } from "../failure.ts";
import { nearTieBound } from "./bounds.ts";
import { productBounds } from "./check-gradient.ts";
import { type CheckedRow, checkedRows, isExactTie } from "./rows.ts";
import { softRange } from "./soft-range.ts";

type EstimatorCall = CallOf<"gumbelSoftmaxVjp">;

/** The estimator of a call; undefined for the gradient of the soft sample. */
export function estimatorOf(call: EstimatorCall): ResolvedEstimator | undefined {
  return (resolvedOf(call) as ResolvedGumbelSoftmax).estimator;
}

const CLAUSE_OF: Readonly<Record<ResolvedEstimator["name"], string>> = {
  "straight-through": "EST-2",
  reinmax: "EST-3",
  "gumbel-rao": "EST-4",
  gapped: "EST-5",
};

/** A product of one row of the logits that a backend may give, and how far it may lie from it. */
interface Due {
  readonly product: Float64Array;
  readonly allowed: Float64Array;
}

/** Checks the result of `gumbelSoftmaxVjp` with an estimator. */
export function checkEstimator(call: EstimatorCall, got: NdData): void {
  const resolved = resolvedOf(call) as ResolvedGumbelSoftmax;
  const { categories, inner } = resolved.layout;
  // Of each row of the logits, summed over the samples; several where a near-tie leaves the sample open.
  const dues = new Map<number, { readonly isDegenerate: boolean; due: readonly Due[] }>();
  for (const row of checkedRows(call)) {
    const { logitsStart, start, stride, isDegenerate } = row;
    const c = row.logits.map((_, j) => call.cotangent.data[start + j * stride]);
    const none = { product: new Float64Array(categories), allowed: new Float64Array(categories) };
    const sum = dues.get(logitsStart) ?? { isDegenerate, due: [none] };
    dues.set(logitsStart, sum);
    if (isDegenerate) continue;
    const own = hotOf(row).map((hot) => ({
      product: estimate(row, c, resolved, hot),
      allowed: boundsOf(row, c, resolved, hot),
    }));
    sum.due = sum.due.flatMap((before) =>
      own.map(({ product, allowed }) => ({
        product: product.map((value, j) => value + before.product[j]),
        allowed: allowed.map((value, j) => value + before.allowed[j]),
      })),
    );
  }
  for (const [start, { isDegenerate, due }] of dues) {
    const values = Float64Array.from({ length: categories }, (_, j) => got[start + j * inner]);
    const masked = values.map((_, j) =>
      call.logits.data[start + j * inner] === Number.NEGATIVE_INFINITY ? 1 : 0,
    );
    checkRow(call, start, values, masked, isDegenerate, due);
  }
}

/** The categories that the hard sample of a row may have. */
function hotOf(row: CheckedRow): number[] {
  const { z } = row;
  const best = argmax(z);
  const rivals = Array.from(z.keys()).filter(
    (j) => j !== best && z[best] - z[j] < nearTieBound(z[best]) && !isExactTie(row, j, best),
  );
  return [best, ...rivals];
}

/** EST-6 for one row. */
function boundsOf(row: CheckedRow, c: Float64Array, call: ResolvedGumbelSoftmax, hot: number): Float64Array {
  const { temperature } = call;
  const estimator = call.estimator!;
  const s = row.logits.map((logit) => logit - row.maximum);
  const of = (z: Float64Array, tau: number, isNoisy: boolean, least = 0) => {
    const { y, below, above } = softRange(z, tau, isNoisy, least);
    return { y, b: y.map((_, j) => Math.max(below[j], above[j])) };
  };
  switch (estimator.name) {
    case "reinmax": {
      const { y, b } = of(s, temperature, false);
      const pi = y.map((value, j) => (value + (j === hot ? 1 : 0)) / 2);
      const second = productBounds(
        pi,
        b.map((value) => value / 2 + 2 ** -24),
        c,
        1,
      );
      const first = of(s, 1, false);
      const rest = productBounds(first.y, first.b, c, 1);
      return second.map((value, j) => 2 * value + rest[j] / 2);
    }
    case "gumbel-rao": {
      const mean = new Float64Array(c.length);
      for (const key of estimator.keys) {
        const noise = redraw(withNoise(row, { ...call.noise, key }), hot, 1);
        const z = s.map((value, j) => value + noise[j]);
        // As far as the noise of D may lie from its value.
        const { y, b } = of(z, temperature, true, 2 ** -18 * Math.abs(noise[hot]));
        productBounds(y, b, c, temperature).forEach((bound, j) => {
          mean[j] += (2 * bound) / estimator.keys.length;
        });
      }
      return mean;
    }
    case "gapped": {
      const isExpected = estimator.gap === "expected";
      const gap = isExpected ? expectedGap(s, hot) : (estimator.gap as number);
      const z = s.map((value, j) => (j === hot ? 0 : Math.min(value, -gap)));
      // An infinite gap leaves the others nothing: there is none that it could be wrong about.
      const { y, b } = of(z, temperature, isExpected, Number.isFinite(gap) ? 2 ** -18 * gap : 0);
      return productBounds(y, b, c, temperature);
    }
    default: {
      const { y, b } = of(row.z, estimator.temperature, true);
      return productBounds(y, b, c, estimator.temperature);
    }
  }
}

function checkRow(
  call: EstimatorCall,
  start: number,
  values: Float64Array,
  masked: Float64Array,
  isDegenerate: boolean,
  due: readonly Due[],
): void {
  const [{ product, allowed }] = due;
  const stride = (resolvedOf(call) as ResolvedGumbelSoftmax).layout.inner;
  const fail = (clause: string, note: string, j: number): never => {
    const details = {
      call,
      index: start + j * stride,
      got: values[j],
      expected: product[j],
      allowed: allowed[j],
    };
    throw new ConformanceFailure(clause, { ...details, note });
  };
  for (let j = 0; j < values.length; j++) {
    if (isDegenerate !== Number.isNaN(values[j]))
      fail("LOGITS-3", "the gradient is NaN in a degenerate row and only there", j);
    if (isDegenerate) continue;
    if (masked[j] === 1 && values[j] !== 0) fail("LOGITS-2", "a masked category has a gradient", j);
    if (!Number.isFinite(values[j]) && Number.isFinite(Math.fround(product[j])))
      fail("LOGITS-6", "the gradient is infinite", j);
  }
  if (isDegenerate) return;
  const isNear = (each: Due, j: number) => Math.abs(values[j] - each.product[j]) <= each.allowed[j];
  const isRight = due.some((each) =>
    // Beyond float32 nothing is said.
    values.every((_, j) => isNear(each, j) || !Number.isFinite(Math.fround(each.product[j]))),
  );
  if (isRight) return;
  const j = values.findIndex((_, at) => !isNear(due[0], at));
  const isOther = Math.abs(values[j] - product[j]) > 64 * allowed[j];
  const { name } = estimatorOf(call)!;
  fail(
    isOther ? CLAUSE_OF[name] : "EST-6",
    isOther ? `the product is not that of ${name}` : "the product is not accurate enough",
    j,
  );
}
