// Shapes are exact, and data fill them.
import { sizeOf } from "../../layout.ts";
import type { NdArray } from "../../nd-array.ts";
import type { Call } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";

/** Checks the shape of a result and that its data have as many elements. */
export function checkShape(clause: string, call: Call, got: NdArray, expected: NdArray): void {
  const [came, due] = [got.shape, expected.shape].map((shape) => `[${shape.join(", ")}]`);
  if (came !== due) {
    throw new ConformanceFailure(clause, { note: `the result has shape ${came}, expected ${due}`, call });
  }
  if (got.data.length !== sizeOf(got.shape)) {
    const note = `a result of shape ${came} holds ${got.data.length} values`;
    throw new ConformanceFailure(clause, { note, call });
  }
}
