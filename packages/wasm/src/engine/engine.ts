// An instance of the engine as operations see it: its memory as arrays, and noise over any layout of counters.
import type { ResolvedNoise } from "@gumbel/core/adapter";
import { type CounterWords, type EngineExports, instantiateEngine } from "./instantiate.ts";

/** An instance with its memory. Nothing outlives a call: all of it is scratch. */
export interface Engine {
  readonly exports: EngineExports;
  /** Elements that the two buffers have room for. */
  readonly room: number;
  /** The first buffer, and its place in bytes. */
  readonly first: Float32Array<ArrayBuffer>;
  readonly firstPlace: number;
  /** The second. */
  readonly second: Float32Array<ArrayBuffer>;
  readonly secondPlace: number;
  /** The second again, as integers. */
  readonly integers: Int32Array<ArrayBuffer>;
  /** Two results of the last call: a float and an integer, or a float and a float64 in {@link sums}. */
  readonly result: Float32Array<ArrayBuffer>;
  readonly index: Int32Array<ArrayBuffer>;
  readonly sum: Float64Array<ArrayBuffer>;
}

/** Makes an instance. Its memory of 2.3 MB never grows. */
export async function createEngine(module: WebAssembly.Module): Promise<Engine> {
  const exports = await instantiateEngine(module);
  const buffer = exports.memory.buffer as ArrayBuffer;
  const [room, firstPlace, secondPlace, resultPlace] = [
    exports.ROOM,
    exports.FIRST,
    exports.SECOND,
    exports.RESULT,
  ].map((global) => global.value as number);
  return {
    exports,
    room,
    first: new Float32Array(buffer, firstPlace, room),
    firstPlace,
    second: new Float32Array(buffer, secondPlace, room),
    secondPlace,
    integers: new Int32Array(buffer, secondPlace, room),
    result: new Float32Array(buffer, resultPlace, 1),
    index: new Int32Array(buffer, resultPlace + 4, 1),
    sum: new Float64Array(buffer, resultPlace + 8, 1),
  };
}

const TWO_32 = 2 ** 32;

/** Consecutive counters: of `length` elements, `done` after the first that was asked for. */
export interface Run {
  readonly done: number;
  readonly length: number;
  readonly counter: CounterWords;
}

/** Cuts the elements `start, …, start + count − 1` of a noise shape where their counters jump or the low word wraps. */
export function runsOf(
  { key: [k0, k1], offset, rowStride, columns }: ResolvedNoise,
  start: number,
  count: number,
): Run[] {
  const runs: Run[] = [];
  const hasGaps = rowStride !== columns;
  for (let done = 0; done < count; ) {
    const at = start + done;
    const row = hasGaps ? Math.floor(at / columns) : 0;
    const column = at - row * columns;
    const first = offset + row * rowStride + column;
    const hi = Math.floor(first / TWO_32);
    const lo = first - hi * TWO_32;
    const most = hasGaps ? columns - column : count;
    const length = Math.min(count - done, TWO_32 - lo, most);
    runs.push({ done, length, counter: [k0, k1, hi, lo] });
    done += length;
  }
  return runs;
}
