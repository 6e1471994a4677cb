// Compiles the engine for what this machine offers and makes instances of it.
import { describe } from "@gumbel/core/adapter";
import { PLAIN, RELAXED } from "./binary.ts";

/** Which instructions the engine uses. `"relaxed"` multiplies and adds in one; samples differ from those of `"plain"` only at near-ties. */
export type Simd = "plain" | "relaxed";

/** Functions that assembly/index.ts exports. Places are in bytes, lengths in elements, counters are {@link CounterWords}. */
export type CallName =
  | "bits"
  | "gumbel"
  | "perturb"
  | "searchRows"
  | "bestOfRows"
  | "raceRows"
  | "softmaxOfRows"
  | "race"
  | "weigh"
  | "factorsOf"
  | "gradientOfRows"
  | "dot"
  | "gradient";

/** What an instance offers. */
export interface EngineExports extends Record<CallName, (...numbers: number[]) => void> {
  readonly memory: WebAssembly.Memory;
  readonly FIRST: WebAssembly.Global;
  readonly SECOND: WebAssembly.Global;
  readonly RESULT: WebAssembly.Global;
  readonly ROOM: WebAssembly.Global;
  readonly PART: WebAssembly.Global;
}

/** Key and counter of the first element: `(k0, k1, hi, lo)`. */
export type CounterWords = readonly [k0: number, k1: number, hi: number, lo: number];

/**
 * A module with one function of relaxed SIMD: `(func (drop (f32x4.relaxed_madd …)))` on zeros. Where it is valid, the engine's
 * relaxed build is.
 */
const RELAXED_PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // One type, () → (), and one function of it.
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  ...[0x03, 0x02, 0x01, 0x00],
  // Its body: three times `i32.const 0; i32x4.splat`, then `f32x4.relaxed_madd; drop`.
  ...[0x0a, 0x14, 0x01, 0x12, 0x00],
  ...[0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11],
  ...[0xfd, 0x85, 0x02, 0x1a, 0x0b],
);

/** The best that this machine offers. */
export function bestSimd(): Simd {
  return WebAssembly.validate(RELAXED_PROBE) ? "relaxed" : "plain";
}

/**
 * Compiles the engine.
 * @throws RangeError for other instructions than those of {@link Simd}, Error where WebAssembly does not have them
 */
export async function compileEngine(simd: Simd): Promise<WebAssembly.Module> {
  if (simd !== "plain" && simd !== "relaxed") {
    throw new RangeError(`simd must be "plain" or "relaxed", got ${describe(simd)}`);
  }
  const bytes = bytesOf(simd === "plain" ? PLAIN : RELAXED);
  if (!WebAssembly.validate(bytes)) {
    throw new Error(
      simd === "plain"
        ? "@gumbel/wasm needs WebAssembly SIMD, which this engine lacks: Node 16.4, Chrome 91, Firefox 89 and Safari 16.4 have it"
        : 'simd must be "plain" here, got "relaxed": this engine has no relaxed SIMD',
    );
  }
  return WebAssembly.compile(bytes);
}

/** Makes an instance, with a memory of its own. */
export async function instantiateEngine(module: WebAssembly.Module): Promise<EngineExports> {
  const instance = await WebAssembly.instantiate(module, {});
  return instance.exports as unknown as EngineExports;
}

function bytesOf(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}
