// Which clause a wrong result breaks, where only the backend's answer to a simpler call can tell.
import type { NdArray } from "../../nd-array.ts";
import { type Call, hasOption } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { callWithValuesOfRow } from "./values-of-row.ts";

/** Checks a call, and rejects where the backend answers it wrongly. */
type Check = (call: Call) => Promise<unknown>;

/** The failure of a call, under the clause that is broken. */
export async function simplify(failure: unknown, call: Call, check: Check): Promise<unknown> {
  if (!(failure instanceof ConformanceFailure)) return failure;
  // A product that is wrong for a soft sample too is no fault of hard's.
  if (failure.clause === "VJP-3") return (await failureOf(check, softened(call))) ?? failure;
  // Nor is a sample of the mask's that is wrong without one.
  if (failure.clause === "DEC-7") return (await failureOf(check, unmasked(call))) ?? failure;
  const { details } = failure;
  if (!hasOption(call.operation, "topP") || details.index === undefined) return failure;
  const alike = callWithValuesOfRow(call as Call & { readonly logits: NdArray }, details.index);
  if (alike === undefined) return failure;
  const simpler = await failureOf(check, alike);
  if (simpler !== undefined) return failure.clause === "DEC-8" ? simpler : failure;
  const note = `${details.note}; it is right where all rows have the values of this one`;
  return new ConformanceFailure("DEC-8", { ...details, note });
}

async function failureOf(check: Check, call: Call): Promise<unknown> {
  try {
    await check(call);
    return undefined;
  } catch (error) {
    return error;
  }
}

function unmasked(call: Call): Call {
  return { ...call, options: { ...call.options, mask: null } } as Call;
}

function softened(call: Call): Call {
  return {
    ...call,
    options: { ...call.options, hard: false, estimator: null, backwardTemperature: null },
  } as Call;
}
