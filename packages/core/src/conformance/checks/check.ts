// Holds a backend's result against the reference and the clauses: one entry point for every operation.

import { createSampler } from "../../reference/create-sampler.ts";
import { type Call, type Result, runCall } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import type { Subject } from "../subject.ts";
import { checkGradient } from "./check-gradient.ts";
import { checkHard } from "./check-hard.ts";
import { checkIndices } from "./check-indices.ts";
import { checkNoise, checkWords } from "./check-noise.ts";
import { checkShape } from "./check-shape.ts";
import { checkSoft } from "./check-soft.ts";
import { checkTopK } from "./check-top-k.ts";

const reference = createSampler();

/** Clause that says the shape of an operation's result. */
const SHAPE_CLAUSE = {
  bits: "BITS-2",
  gumbel: "BITS-2",
  gumbelSoftmax: "GS-1",
  gumbelSoftmaxVjp: "VJP-1",
  softmax: "SM-1",
  softmaxVjp: "VJP-2",
  categorical: "CAT-1",
  topK: "TOPK-1",
} as const;

/** The float64 reference's result of a call. */
export function expectedOf(call: Call): Promise<Result> {
  return runCall(reference, call);
}

/** Runs a call on the backend and checks everything that the spec says of its result, which is returned. */
export async function checkCall(subject: Subject, call: Call): Promise<Result> {
  const got = await runOrFail(subject, call);
  checkResult(call, got, await expectedOf(call));
  return got;
}

/** Checks a result that is already there. */
export function checkResult(call: Call, got: Result, expected: Result): void {
  const clause = SHAPE_CLAUSE[call.operation];
  checkShape(clause, call, got.values, expected.values);
  switch (call.operation) {
    case "bits":
      checkWords(call, got.values.data, expected.values.data);
      break;
    case "gumbel":
      checkNoise(call, got.values.data, expected.values.data);
      break;
    case "gumbelSoftmax":
    case "softmax":
      if (call.options.hard === true) checkHard(call, got.values.data);
      else checkSoft(call, got.values.data);
      break;
    case "gumbelSoftmaxVjp":
    case "softmaxVjp":
      checkGradient(call, got.values.data, expected.values.data);
      break;
    case "categorical":
      checkIndices(call, got.values.data);
      break;
    case "topK":
      if (got.indices === undefined) throw new ConformanceFailure(clause, { note: "no indices came", call });
      checkShape(clause, call, got.indices, expected.values);
      checkTopK(call, got.values.data, got.indices.data);
  }
}

/** Runs a call that must succeed: an error of the backend becomes a failure that shows the call. */
export async function runOrFail(subject: Subject, call: Call): Promise<Result> {
  try {
    return await subject.run(call);
  } catch (error) {
    const note = `a valid call failed with ${error}`;
    throw new ConformanceFailure(SHAPE_CLAUSE[call.operation], { note, call });
  }
}
