// Everything that is tuned for SwiftShader, the CPU that stands in for a GPU in tests, in CI and in browsers without one.
// Results are the same to the last bit; without this file the noise takes more than twice as long there.
import { threefry2x32Of2 } from "@gumbel/webgpu/wgsl";
import { blockGlsl, roundsGlsl, threefry2x32Glsl } from "../webgl/glsl/threefry-2x32.ts";

/** Rewrites the text of a shader for one device. */
export type Tuning = (source: string) => string;

/** Bits that float32's adder can move at once: its mantissa's 23, less the sign's. */
const MOVABLE = 22;

/** `x1` rotated left by a multiplication and float32's adder: SwiftShader takes a vector shift apart into its lanes. */
function rotatedByAdder(by: number): string {
  // Bits from `from` on: alone in their word they are a float32 exactly, and 1.5·2²³ units of the lowest of them bring
  // that to the end of the mantissa.
  const mask = (count: number, from: number): string => `${(2 ** count - 1) * 2 ** from}u`;
  const bits = (count: number, from: number): string => {
    const number = `float(int(x1 & ${mask(count, from)}))`;
    return `(floatBitsToUint(${number} + ${1.5 * 2 ** (23 + from)}.0) & ${mask(count, 0)})`;
  };
  const left = `(x1 * ${2 ** by}u)`;
  if (by <= MOVABLE) return `(${left} | ${bits(by, 32 - by)})`;
  const low = Math.floor(by / 2);
  return `(${left} | (${bits(by - low, 32 - by + low)} * ${2 ** low}u) | ${bits(low, 32 - by)})`;
}

/** SwiftShader gives registers to the innermost loops first: two of one round, whose condition no compiler finds false. */
function inRegisters(rounds: string): string {
  const never = "while ((k0 | 1u) == 0u);";
  return `do { do {
  ${rounds}
  } ${never} } ${never}`;
}

/** The tuning of a webgl device. Where a browser hides the renderer's name, a GPU is assumed. */
export function glslTuningOf(gl: WebGL2RenderingContext): Tuning {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL);
  return /swiftshader|llvmpipe|software/i.test(String(renderer)) ? tuneGlsl : untuned;
}

/** GLSL for SwiftShader. */
export function tuneGlsl(source: string): string {
  return source.replace(threefry2x32Glsl, () => blockGlsl(inRegisters(roundsGlsl(rotatedByAdder))));
}

/** Subgroups up to this size are those of a CPU's SIMD unit. */
const CPU_SUBGROUP = 8;

/** The tuning of a webgpu device, which a CPU is by its largest subgroup. */
export function wgslTuningOf({
  subgroupMaxSize = Number.POSITIVE_INFINITY,
}: Partial<GPUAdapterInfo>): Tuning {
  return subgroupMaxSize <= CPU_SUBGROUP ? tuneWgsl : untuned;
}

/** WGSL for SwiftShader. */
export function tuneWgsl(source: string): string {
  return source.replace(threefry2x32Of2("shift"), () => threefry2x32Of2("adder"));
}

/** The text as it is, for GPUs. */
export function untuned(source: string): string {
  return source;
}
