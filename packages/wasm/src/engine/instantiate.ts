// Compiles the engine for what this machine offers and makes instances of it.
import { PLAIN, RELAXED } from "./binary.ts";

/** Which instructions the engine uses. `"relaxed"` multiplies and adds in one; samples differ from those of `"plain"` only at near-ties. */
export type Simd = "plain" | "relaxed";

/** What assembly/index.ts exports. Places are in bytes, lengths in elements, counters in two words. */
export interface EngineExports {
  readonly memory: WebAssembly.Memory;
  readonly FIRST: WebAssembly.Global;
  readonly SECOND: WebAssembly.Global;
  readonly RESULT: WebAssembly.Global;
  readonly ROOM: WebAssembly.Global;
  bits(at: number, count: number, ...counter: CounterWords): void;
  gumbel(at: number, count: number, ...rest: [...CounterWords, isJax: boolean]): void;
  perturb(at: number, count: number, ...rest: [...CounterWords, isJax: boolean]): void;
  best(logits: number, count: number, ...rest: [...CounterWords, isJax: boolean]): void;
  bestOfRows(z: number, rows: number, classes: number, indices: number): void;
  softmaxOfRows(z: number, rows: number, classes: number, scale: number): void;
  weigh(z: number, count: number, scale: number): void;
  race(logits: number, count: number, ...rest: [...CounterWords, isJax: boolean]): void;
  multiply(values: number, count: number, factor: number): void;
  dot(y: number, cotangent: number, count: number): number;
  gradient(y: number, cotangent: number, count: number, mean: number, temperature: number): void;
}

/** Key and counter of the first element: `(k0, k1, hi, lo)`. */
export type CounterWords = [k0: number, k1: number, hi: number, lo: number];

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
 * @throws Error where WebAssembly has no SIMD
 */
export async function compileEngine(simd: Simd): Promise<WebAssembly.Module> {
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

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
