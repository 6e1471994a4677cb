// A tensor too large to compute whole in float64, against the reference in windows: an element needs its counter alone.

import { sizeOf } from "../../layout.ts";
import { key } from "../../random/key.ts";
import type { Precision } from "../../random/noise.ts";
import { bits, gumbel } from "../../reference/index.ts";
import type { CallOf } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import type { Subject } from "../subject.ts";
import { noiseBound } from "./bounds.ts";
import { runOrFail } from "./check.ts";

/** Elements of a window, half of them before its place. */
const WIDTH = 128;

/** WebGPU's limit of workgroups in a dimension. */
const MOST_WORKGROUPS = 65_535;

/** Checks noise or bits of a shape around its ends, its middle, and wherever a loop, a dispatch or a float32 ends. */
export async function checkWindows(
  subject: Subject,
  operation: "bits" | "gumbel",
  shape: readonly number[],
  precision: { precision?: Precision } = {},
): Promise<void> {
  const options = { key: key(31), ...precision };
  const call = { operation, shape, options } as CallOf<typeof operation>;
  const [values] = await runOrFail(subject, call);
  for (const from of windowsOf(sizeOf(shape))) {
    const window = { ...options, offset: from };
    const expected = (operation === "bits" ? bits : gumbel)([WIDTH], window).data;
    for (let i = 0; i < WIDTH; i++) {
      const value = values.data[from + i];
      const got = operation === "bits" ? value >>> 0 : value;
      const allowed = operation === "bits" ? 0 : noiseBound(expected[i]);
      if (Math.abs(got - expected[i]) <= allowed) continue;
      const note = `${operation} far into a tensor is not its own`;
      const details = { call, index: from + i, shape, got, expected: expected[i], allowed };
      throw new ConformanceFailure("LOGITS-7", { note, ...details });
    }
  }
}

function windowsOf(size: number): number[] {
  const places = [0, size / 2, size];
  for (let power = WIDTH; power < size; power *= 2) {
    places.push(power, (MOST_WORKGROUPS * power) / WIDTH);
  }
  return places
    .filter((place) => place <= size)
    .map((place) => Math.max(0, Math.min(Math.floor(place) - WIDTH / 2, size - WIDTH)));
}
