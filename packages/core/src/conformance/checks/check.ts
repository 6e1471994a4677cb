// Runs a call on the backend and checks everything that the spec says of its result.

import type { NdArray } from "../../nd-array.ts";
import type { OperationName } from "../../operation-table.ts";
import { createSampler } from "../../reference/create-sampler.ts";
import { DEFINITIONS } from "../../spec/clauses.ts";
import { type Call, type CallOf, operationOf, type Result, runCall } from "../call.ts";
import { resolvedOf } from "../call-on.ts";
import { ConformanceFailure } from "../failure.ts";
import type { Subject } from "../subject.ts";
import { checkBernoulli, checkBernoulliLogProb } from "./check-bernoulli.ts";
import { checkConditionalGumbel } from "./check-conditional-gumbel.ts";
import { checkEstimator, estimatorOf } from "./check-estimator.ts";
import { checkFloats, floatBound } from "./check-floats.ts";
import { checkGradient } from "./check-gradient.ts";
import { checkGumbelTopK } from "./check-gumbel-top-k.ts";
import { checkHard } from "./check-hard.ts";
import { checkIndices } from "./check-indices.ts";
import { checkLogProb } from "./check-log-prob.ts";
import { checkLogSoft } from "./check-log-soft.ts";
import { checkNoise, checkWords } from "./check-noise.ts";
import { checkRelaxedLogProb } from "./check-relaxed-log-prob.ts";
import { checkShape } from "./check-shape.ts";
import { checkSoft } from "./check-soft.ts";
import { simplify } from "./simplify.ts";

const reference = createSampler();

type Check<O extends OperationName> = (call: CallOf<O>, got: Result, expected: Result) => void;

/** What is checked of a result beside its shape; an operation without an entry has {@link checkFloats}. */
const CHECKS: { readonly [O in OperationName]?: Check<O> } = {
  bits: (call, [got], [expected]) => checkWords(call, got.data, expected.data),
  gumbel: (call, [got], [expected]) => checkNoise(call, got.data, expected.data),
  gumbelSoftmax: checkSoftOrHard,
  softmax: checkSoftOrHard,
  gumbelSoftmaxVjp(call, [got], [expected]) {
    if (estimatorOf(call) === undefined) checkGradient(call, got.data, expected.data);
    else checkEstimator(call, got.data);
  },
  softmaxVjp: (call, [got], [expected]) => checkGradient(call, got.data, expected.data),
  categorical: (call, [got]) => checkIndices(call, got.data),
  logProb: checkLogProb,
  conditionalGumbel: (call, [got]) => checkConditionalGumbel(call, got.data),
  entropy: checkSum,
  klDivergence: checkSum,
  relaxedLogProb: checkRelaxedLogProb,
  relaxedBernoulli: checkBernoulli,
  relaxedBernoulliLogProb: checkBernoulliLogProb,
  gumbelTopK: (call, [values, indices]) => checkGumbelTopK(call, values.data, indices.data),
};

function checkSoftOrHard(call: CallOf<"gumbelSoftmax"> | CallOf<"softmax">, [got]: Result): void {
  if (call.options.hard === true) checkHard(call, got.data);
  else if (call.options.log === true) checkLogSoft(call, got.data);
  else checkSoft(call, got.data);
}

/** A sum over the categories, ENT-1 and KL-1: its terms add to its error. */
function checkSum(call: Call, got: Result, expected: Result): void {
  checkFloats(call, got, expected, (value) => 4 * floatBound(value));
}

/** The float64 reference's result of a call. */
export function expectedOf(call: Call): Promise<Result> {
  return runCall<NdArray>(reference, call);
}

/** Operations whose checks walk the rows of the call, and read no result of the reference but its shape. */
const CHECKED_BY_ROWS: readonly OperationName[] = [
  "gumbelSoftmax",
  "softmax",
  "categorical",
  "conditionalGumbel",
  "gumbelTopK",
];

/** What {@link checkResult} needs of the reference: its result, or shapes alone, which spares a third of the noise. */
export async function dueOf(call: Call): Promise<Result> {
  const isByRows =
    CHECKED_BY_ROWS.includes(call.operation) ||
    (call.operation === "gumbelSoftmaxVjp" && estimatorOf(call) !== undefined);
  if (!isByRows) return expectedOf(call);
  const resolved = resolvedOf(call);
  return Object.values(operationOf(call).outputs).map(({ shape }) => ({ data: [], shape: shape(resolved) }));
}

/** Runs a call on the backend and checks everything that the spec says of its result, which is returned. */
export async function checkCall(subject: Subject, call: Call): Promise<Result> {
  const got = await runOrFail(subject, call);
  try {
    checkResult(call, got, await dueOf(call));
  } catch (error) {
    throw await simplify(error, call, (simpler) => checkCall(subject, simpler));
  }
  return got;
}

/**
 * Checks a call that a case takes to be right before it looks for its own fault: a failure is reported under its own clause,
 * not under that of the case.
 */
export async function checkPremise(subject: Subject, call: Call): Promise<void> {
  try {
    await checkCall(subject, call);
  } catch (error) {
    if (error instanceof ConformanceFailure) error.isOfPremise = true;
    throw error;
  }
}

/** Checks a result that is already there. */
export function checkResult(call: Call, got: Result, expected: Result): void {
  const clause = DEFINITIONS[call.operation];
  const { outputs } = operationOf(call);
  const names = Object.keys(outputs);
  for (const [i, name] of names.entries()) {
    if (got[i] === undefined) throw new ConformanceFailure(clause, { note: `no ${name} came`, call });
    checkShape(clause, call, got[i], expected[i]);
  }
  const check = (CHECKS[call.operation] ?? checkFloats) as Check<OperationName>;
  check(call, got, expected);
}

/** Runs a call that must succeed: an error of the backend becomes a failure that shows the call. */
export async function runOrFail(subject: Subject, call: Call): Promise<Result> {
  try {
    return await subject.run(call);
  } catch (error) {
    if (error instanceof ConformanceFailure) throw error;
    const note = `a valid call failed with ${error}`;
    throw new ConformanceFailure(DEFINITIONS[call.operation], { note, call });
  }
}
