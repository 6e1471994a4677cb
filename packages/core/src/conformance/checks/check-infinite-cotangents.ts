// Cotangents that are not finite: they reach their own row alone, and none where the sample is 0.
import { key } from "../../random/key.ts";
import type { CallOf } from "../call.ts";
import { type AnyOptions, callOn } from "../call-on.ts";
import { fixedLogits } from "../fixed-logits.ts";
import type { Subject } from "../subject.ts";
import { checkPremise, checkResult, expectedOf, runOrFail } from "./check.ts";

const NOT_FINITE = [Number.POSITIVE_INFINITY, Number.NaN, Number.NEGATIVE_INFINITY];

type GradientCall = CallOf<"gumbelSoftmaxVjp"> | CallOf<"softmaxVjp">;

/**
 * Of every three rows the first has a cotangent that is not finite under a mask, the second one elsewhere, the third none.
 * The second ones are not looked at.
 */
export async function checkInfiniteCotangents(
  subject: Subject,
  operation: "gumbelSoftmaxVjp" | "softmaxVjp",
  shape: readonly [number, number],
  axis: -1 | 0,
  options: AnyOptions = {},
): Promise<void> {
  const logits = fixedLogits(shape, 36);
  const places = Array.from(logits.data, (_, i) => {
    const [high, low] = [Math.floor(i / shape[1]), i % shape[1]];
    return axis === 0 ? { row: low, category: high } : { row: high, category: low };
  });
  places.forEach(({ category }, i) => {
    if (category === 1) logits.data[i] = Number.NEGATIVE_INFINITY;
  });
  const plain = callOn(operation, logits, { key: key(37), axis, ...options }) as GradientCall;
  const finite = { ...plain.cotangent, data: Float32Array.from(plain.cotangent.data) };
  const cotangent = { ...finite, data: finite.data.slice() };
  const firstOfLastSample = finite.data.length - logits.data.length;
  places.forEach(({ row, category }, i) => {
    if (row % 3 === 2 || category !== 1 + (row % 3)) return;
    finite.data[firstOfLastSample + i] = 0;
    cotangent.data[firstOfLastSample + i] = NOT_FINITE[Math.floor(row / 3) % NOT_FINITE.length];
  });
  const call = { ...plain, cotangent: finite };
  await checkPremise(subject, call);
  const [got] = await runOrFail(subject, { ...plain, cotangent });
  const expected = await expectedOf(call);
  const data = places.map(({ row }, i) => (row % 3 === 1 ? expected[0].data[i] : got.data[i]));
  checkResult({ ...plain, cotangent: finite }, [{ ...got, data }], expected);
}
