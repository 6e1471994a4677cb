// Relaxed coin tosses, within BERN-3, and their densities, within BERN-5.
import type { ResolvedRelaxedBernoulli } from "../../operations/relaxed-bernoulli.ts";
import { logisticAt } from "../../reference/relaxed-bernoulli.ts";
import type { CallOf, Result } from "../call.ts";
import { resolvedOf } from "../call-on.ts";
import { ConformanceFailure } from "../failure.ts";
import { nearTieBound, roundingBound } from "./bounds.ts";
import { checkFloats } from "./check-floats.ts";

/** Checks the result of `relaxedBernoulli`. */
export function checkBernoulli(call: CallOf<"relaxedBernoulli">, [got]: Result, [expected]: Result): void {
  const { noise, hard, logit, temperature } = resolvedOf(call) as unknown as ResolvedRelaxedBernoulli;
  const { data } = call.logits;
  for (let index = 0; index < expected.data.length; index++) {
    const [value, due] = [got.data[index], expected.data[index]];
    if (Object.is(value, due)) continue;
    const [l, noiseAt] = [data[index % data.length], logisticAt(noise, index)];
    const details = { call, index, got: value, expected: due };
    if (!Number.isFinite(l)) {
      const note = "a sample of an infinite logit or of NaN is another one";
      throw new ConformanceFailure("BERN-4", { ...details, note });
    }
    const e = Math.max(nearTieBound(l), nearTieBound(noiseAt));
    const z = l + noiseAt;
    if (hard) {
      if ((value === 0 || value === 1) && Math.abs(z) <= e) continue;
      throw new ConformanceFailure("BERN-1", { ...details, note: "a hard sample is another one" });
    }
    const allowed = logit ? e / temperature + 2 ** -20 * Math.abs(due) : softBound(z, e, temperature, due);
    // Written so that NaN fails.
    if (Math.abs(value - due) <= allowed && Math.abs(value) < Number.POSITIVE_INFINITY) continue;
    const clause = logit ? "BERN-2" : "BERN-3";
    throw new ConformanceFailure(clause, { ...details, note: "a sample is not accurate enough", allowed });
  }
}

function softBound(z: number, e: number, temperature: number, y: number): number {
  const [x, d] = [z / temperature, e / temperature];
  const moved = Math.max(sigmoid(x + d) - y, y - sigmoid(x - d));
  return Math.min(d, moved) + roundingBound(y, Math.min(0, x));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Checks the result of `relaxedBernoulliLogProb`. */
export function checkBernoulliLogProb(
  call: CallOf<"relaxedBernoulliLogProb">,
  got: Result,
  expected: Result,
): void {
  const { logits, sampleLogits, options } = call;
  const temperature = options.temperature ?? 1;
  checkFloats(call, got, expected, (value, i) => {
    if (!Number.isFinite(value)) return 0;
    const terms =
      Math.abs(logits.data[i % logits.data.length]) + temperature * Math.abs(sampleLogits.data[i]);
    return 2 ** -20 * (1 + Math.abs(Math.log(temperature)) + 2 * terms);
  });
}
