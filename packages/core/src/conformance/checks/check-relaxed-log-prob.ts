// Densities of relaxed samples, within RLP-3: sums of terms that cancel one another.
import { logGamma } from "../../log-gamma.ts";
import type { CallOf, Result } from "../call.ts";
import { checkFloats } from "./check-floats.ts";
import { checkedRows } from "./rows.ts";
import { softmaxOf } from "./softmax-of.ts";

/** Checks the result of `relaxedLogProb`. */
export function checkRelaxedLogProb(call: CallOf<"relaxedLogProb">, got: Result, expected: Result): void {
  const temperature = call.options.temperature ?? 1;
  const bounds = Array.from(checkedRows(call), ({ logits, start, stride }) => {
    const kept = Array.from(logits.keys()).filter((j) => logits[j] !== Number.NEGATIVE_INFINITY);
    const x = kept.map((j) => call.logSample.data[start + j * stride]);
    const scores = Float64Array.from(kept, (j, i) => logits[j] - temperature * x[i]);
    const { y, maximum } = softmaxOf(scores, 1);
    const n = kept.length;
    const logSum = Math.log(scores.reduce((sum, score) => sum + Math.exp(score - maximum), 0));
    const terms = scores.reduce(
      (sum, score, i) =>
        sum +
        Math.abs(score - maximum - logSum) +
        (1 + n * y[i]) * (Math.abs(logits[kept[i]]) + temperature * Math.abs(x[i])),
      0,
    );
    return 2 ** -20 * (1 + logGamma(n) + (n - 1) * Math.abs(Math.log(temperature)) + terms);
  });
  checkFloats(call, got, expected, (value, index) => (Number.isFinite(value) ? bounds[index] : 0));
}
