// The kernels of the operations: each makes the plan of a checked call.
import type { StagedBackend } from "@gumbel/core/adapter";
import type { Plan } from "../plan/planner.ts";
import type { AnyTensor } from "../tensor.ts";
import { planArgmax } from "./argmax/plan-argmax.ts";
import { planConditionalGumbel } from "./conditional-gumbel.ts";
import { planFilteredCategorical, planFilteredLogProb } from "./filters/plan-filters.ts";
import { planLogProb } from "./log-prob.ts";
import { planNoise } from "./noise/plan-noise.ts";
import { planSoftmax } from "./softmax/plan-softmax.ts";
import { planVjp } from "./softmax/plan-vjp.ts";
import { planTopK } from "./top-k/plan-top-k.ts";

export const kernels: StagedBackend<AnyTensor, "async", AnyTensor, Plan>["kernels"] = {
  bits: (call) => planNoise(call, "none"),
  gumbel: (call) => planNoise(call, call.precision),
  softmax: (call) => planSoftmax(call),
  gumbelSoftmax: (call) => planSoftmax(call, call.noise),
  softmaxVjp: (call) => planVjp(call),
  gumbelSoftmaxVjp: (call) => planVjp(call, call.noise),
  // Temperature 0 is the mode: the argmax of the logits themselves.
  categorical: (call) =>
    call.decoding !== undefined
      ? planFilteredCategorical(call, call.decoding)
      : call.temperature === 0
        ? planArgmax(call, 1, undefined, "indices")
        : planArgmax(call, call.temperature, call.noise, "indices"),
  gumbelTopK: (call) => planTopK(call),
  conditionalGumbel: (call) => planConditionalGumbel(call),
  logProb: (call) =>
    call.decoding === undefined ? planLogProb(call) : planFilteredLogProb(call, call.decoding),
};
