// The numbers that every kernel may read, declared once for WGSL and for the host: keys, places and sizes are uniforms,
// never text of a shader, so that no call compiles anything new. Pure.
import type { ResolvedNoise, RowLayout } from "@gumbel/core/adapter";
import type { Target } from "./target.ts";

/** Fields of the uniform struct, in order; all are 32-bit scalars, so WGSL packs them without gaps. */
const FIELDS = {
  key_hi: "u32",
  key_lo: "u32",
  /** Counter of the first noise element. */
  offset_hi: "u32",
  offset_lo: "u32",
  /** Counter distance between two rows of the noise shape's last dimension. */
  row_stride_hi: "u32",
  row_stride_lo: "u32",
  /** Counter distance between two blocks, a block being everything under one index of (sample, outer). */
  block_stride_hi: "u32",
  block_stride_lo: "u32",
  /** Counter distance between two categories of a row. */
  step_hi: "u32",
  step_lo: "u32",
  /** Length of the noise shape's last dimension. */
  columns: "u32",
  /** Product of the dimensions before the axis, length of the axis, product of those after it. */
  outer: "u32",
  classes: "u32",
  inner: "u32",
  /** Samples that a kernel sums over. */
  samples: "u32",
  /** Rows that this dispatch works on, and the first of them, counted over (sample, outer, inner). */
  rows: "u32",
  first_row: "u32",
  /** Chunks of each row, and categories of a chunk. */
  chunks: "u32",
  chunk_length: "u32",
  /** Jobs of this dispatch: a row's chunk each, or an element each. */
  jobs: "u32",
  /** Where tensors start in their bindings, in elements. */
  logits_base: "u32",
  cotangent_base: "u32",
  sample_base: "u32",
  output_base: "u32",
  indices_base: "u32",
  /** 1 when a gradient is added to what an earlier dispatch has left. */
  accumulate: "u32",
  /** Top-k: places, candidates a row before this dispatch, and the step of a sorting network. */
  places: "u32",
  candidates: "u32",
  distance: "u32",
  mirrored: "u32",
  /** `scale_a·scale_b` is 2/temperature; half distances to the maximum beyond `cutoff` weigh nothing. */
  scale_a: "f32",
  scale_b: "f32",
  cutoff: "f32",
  /** Half distance by which a maximum may exceed its guess. */
  reach: "f32",
  /** `gain_first·gain_a·gain_b` is 1/temperature; cotangents are multiplied by the first when they are read. */
  gain_first: "f32",
  gain_a: "f32",
  gain_b: "f32",
} as const;

/** Values of some fields; the others are 0. */
export type Params = { readonly [Name in keyof typeof FIELDS]?: number };

const NAMES = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

/** Bytes of the uniform struct, rounded up to WGSL's 16. */
export const PARAMS_BYTES: number = 16 * Math.ceil(NAMES.length / 4);

/**
 * `struct Params`, `params` with the fields that the text names, and `fn read_params()`, which the entry point calls first.
 *
 * For hardware `params` is the uniform itself. For software it is each invocation's own copy: inside a loop SwiftShader
 * reads a uniform anew in every round, which costs as much as an element's noise. A copy may not decide whether a
 * barrier is reached, so that texts with barriers go without.
 */
export function paramsWgsl(text: string, target: Target): string {
  const fields = (names: readonly (keyof typeof FIELDS)[]): string =>
    names.map((name) => `  ${name}: ${FIELDS[name]},`).join("\n");
  const struct = `
struct Params {
${fields(NAMES)}
}
`;
  if (target === "hardware" || text.includes("workgroupBarrier")) {
    return `${struct}@group(0) @binding(0) var<uniform> params: Params;
fn read_params() {}
`;
  }
  const used = NAMES.filter((name) => new RegExp(`\\bparams\\.${name}\\b`).test(text));
  return `${struct}@group(0) @binding(0) var<uniform> uniforms: Params;
struct OwnParams {
${fields(used)}
}
var<private> params: OwnParams;
fn read_params() {
  ${used.map((name) => `params.${name} = uniforms.${name};`).join("\n  ")}
}
`;
}

/** The bytes of the struct. */
export function packParams(params: Params): ArrayBuffer {
  const bytes = new DataView(new ArrayBuffer(PARAMS_BYTES));
  NAMES.forEach((name, i) => {
    const value = params[name] ?? 0;
    if (FIELDS[name] === "f32") bytes.setFloat32(4 * i, value, true);
    else bytes.setUint32(4 * i, value, true);
  });
  return bytes.buffer as ArrayBuffer;
}

/** Where the noise of rows comes from. */
export function noiseParams(noise: ResolvedNoise, { classes, inner }: RowLayout): Params {
  const { key, offset, rowStride, columns } = noise;
  // Either the axis is the noise's last dimension, or whole rows of that dimension lie between two categories. Where
  // a row has one category and all later dimensions are 1, both say the same.
  const isLast = inner === 1 && columns === classes;
  const step = isLast ? 1n : BigInt(inner / columns) * BigInt(rowStride);
  const block = isLast ? BigInt(rowStride) : BigInt(classes) * step;
  return {
    key_hi: key[0],
    key_lo: key[1],
    offset_hi: Math.floor(offset / 2 ** 32),
    offset_lo: offset >>> 0,
    row_stride_hi: Math.floor(rowStride / 2 ** 32),
    row_stride_lo: rowStride >>> 0,
    block_stride_hi: Number(block >> 32n),
    block_stride_lo: Number(block & 0xffffffffn),
    step_hi: Number(step >> 32n),
    step_lo: Number(step & 0xffffffffn),
    columns,
  };
}

/** The rows of a call. */
export function rowParams({ samples, outer, classes, inner }: RowLayout): Params {
  return { samples, outer, classes, inner };
}

/** exp(−104) is below half of float32's smallest positive number. */
const NEGLIGIBLE = 104;
/** Beyond these no difference of float32 numbers can tell a temperature from 0 or from infinity. */
const [COLDEST, HOTTEST] = [2 ** -250, 2 ** 250];
/** Below float32's largest number, which a half distance of two logits cannot exceed. */
const FAR = 3.4e38;

/**
 * A temperature. Maxima are subtracted as halves, so that ±3.4e38 cannot overflow, and their distance is multiplied by
 * two factors that float32 holds, where 2/temperature itself may lie beyond its range.
 */
export function temperatureParams(temperature: number): Params {
  const clamped = Math.min(Math.max(temperature, COLDEST), HOTTEST);
  const scale = 2 / clamped;
  const scale_b = 2 ** Math.round(Math.log2(scale) / 2);
  return { scale_a: scale / scale_b, scale_b, cutoff: Math.min((NEGLIGIBLE * clamped) / 2, FAR) };
}

/**
 * How far weights may exceed 1 where a maximum is guessed, as exponents of e: 2²⁴ of them must stay below 2¹²⁷, and at
 * temperature 1 each is divided by an E that may be 2⁻⁶⁴.
 */
const REACH = { race: 25, sum: 64 };
/** Colder samples are not worth a guess: the noise alone would exceed it too often. */
const COLDEST_GUESS = 0.5;

/** Short chunks are read twice sooner than guessed at. */
const SHORTEST_GUESS = 128;

/** How weights are made: whether a guess of the maximum is tried, and whether they are a race's. */
export function guessOf(
  temperature: number,
  hasNoise: boolean,
  chunkLength: number,
): { isGuessed: boolean; isRace: boolean; params: Params } {
  const isGuessed = temperature >= COLDEST_GUESS && chunkLength >= SHORTEST_GUESS;
  const isRace = isGuessed && hasNoise && temperature === 1;
  const reach = ((isRace ? REACH.race : REACH.sum) * Math.min(temperature, HOTTEST)) / 2;
  return { isGuessed, isRace, params: { reach: Math.min(reach, FAR) } };
}

/** A gradient's 1/temperature: the part that is safe to apply first, at most 2³², and the rest in two factors. */
export function gainParams(temperature: number): Params {
  const gain = 1 / Math.min(Math.max(temperature, COLDEST), HOTTEST);
  // Cotangents near float32's smallest normal number would otherwise be flushed to zero before they grow.
  const gain_first = 2 ** Math.min(Math.max(Math.round(Math.log2(gain)), 0), 32);
  const rest = gain / gain_first;
  const gain_b = 2 ** Math.round(Math.log2(rest) / 2);
  return { gain_first, gain_a: rest / gain_b, gain_b };
}
