// Which calls of the engine cover a stretch of noise: its functions take consecutive counters whose low word does not wrap.
import type { ResolvedNoise } from "@gumbel/core/adapter";
import type { CounterWords } from "../engine/instantiate.ts";
import type { Call } from "../engine/task.ts";

const TWO_32 = 2 ** 32;

/** Consecutive counters: of `length` elements, `done` after the first that was asked for. */
interface Run {
  readonly done: number;
  readonly length: number;
  readonly counter: CounterWords;
}

/** Cuts the elements `start, …, start + count − 1` of a noise shape where their counters jump or the low word wraps. */
function* runsOf(noise: ResolvedNoise, start: number, count: number): Generator<Run> {
  const { rowStride, columns } = noise;
  const hasGaps = rowStride !== columns;
  for (let done = 0; done < count; ) {
    const counter = counterOf(noise, start + done);
    const most = hasGaps ? columns - ((start + done) % columns) : count;
    const length = Math.min(count - done, most, TWO_32 - counter[3]);
    yield { done, length, counter };
    done += length;
  }
}

/** Key and counter of an element of a noise shape. */
function counterOf(
  { key: [k0, k1], offset, rowStride, columns }: ResolvedNoise,
  element: number,
): CounterWords {
  const row = rowStride === columns ? 0 : Math.floor(element / columns);
  const counter = offset + row * rowStride + (element - row * columns);
  const hi = Math.floor(counter / TWO_32);
  return [k0, k1, hi, counter - hi * TWO_32];
}

/** Calls of `bits`, or of `gumbel` or `perturb`, over elements of a noise shape, to consecutive places. */
export function noiseCalls(
  name: "bits" | "gumbel" | "perturb",
  noise: ResolvedNoise,
  start: number,
  count: number,
  place: number,
): Call[] {
  const last = name === "bits" ? [] : [isJax(noise)];
  return Array.from(runsOf(noise, start, count), ({ done, length, counter }) => [
    name,
    place + 4 * done,
    length,
    ...counter,
    ...last,
  ]);
}

/** 1 where the precision is "jax". */
export function isJax({ precision }: ResolvedNoise): number {
  return precision === "jax" ? 1 : 0;
}

/** Rows of equal length, one behind the other; their noise has consecutive counters from `counter` on, where there is one. */
export interface RowGroup {
  readonly row: number;
  readonly rows: number;
  readonly counter: CounterWords | undefined;
}

/** Cuts rows, whose noise starts at an element of the noise shape, into groups that one call can take. */
export function groupsOf(noise: ResolvedNoise, start: number, rows: number, classes: number): RowGroup[] {
  if (rows === 1) {
    const [run] = runsOf(noise, start, classes);
    return [{ row: 0, rows, counter: run.length === classes ? run.counter : undefined }];
  }
  const { rowStride, columns } = noise;
  const hasGaps = rowStride !== columns;
  if (hasGaps && columns !== classes) return [{ row: 0, rows, counter: undefined }];
  const groups: RowGroup[] = [];
  for (let row = 0; row < rows; ) {
    const counter = counterOf(noise, start + row * classes);
    const fitting = Math.floor((TWO_32 - counter[3]) / classes);
    const count = fitting === 0 ? 1 : Math.min(rows - row, hasGaps ? 1 : fitting);
    groups.push({ row, rows: count, counter: fitting === 0 ? undefined : counter });
    row += count;
  }
  return groups;
}
