// The uniforms that every kernel may read, declared once for WGSL and for the host. Keys, layouts and sizes are uniforms,
// never text of a shader, so that no call compiles anything new.
import { FLT_MAX, type ResolvedNoise, type RowLayout } from "@gumbel/core/adapter";

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
  /** Counter distance between two indices of (sample, outer). */
  outer_stride_hi: "u32",
  outer_stride_lo: "u32",
  /** Counter distance between two categories of a row. */
  step_hi: "u32",
  step_lo: "u32",
  /** Length of the noise shape's last dimension. */
  columns: "u32",
  /** Product of the dimensions before the axis, length of the axis, product of those after it. */
  outer: "u32",
  categories: "u32",
  inner: "u32",
  /** Samples that a kernel sums over. */
  samples: "u32",
  /** Rows that this dispatch works on, and the first of them, counted over (sample, outer, inner). */
  rows: "u32",
  first_row: "u32",
  /** Chunks of each row, and categories of a chunk. */
  chunks: "u32",
  chunk_length: "u32",
  /** Jobs of this dispatch: a chunk of a row each, or an element each. */
  jobs: "u32",
  /** Where tensors start in their bindings, in elements. */
  logits_base: "u32",
  cotangent_base: "u32",
  indices_base: "u32",
  values_base: "u32",
  output_base: "u32",
  /** 1 when a gradient is added to what an earlier dispatch has left. */
  accumulate: "u32",
  /** Top-k: places, candidates a row before this dispatch, and the step of a sorting network. */
  places: "u32",
  candidates: "u32",
  distance: "u32",
  mirrored: "u32",
  /** Rows of the logits, of one sample; words of the rows' options, and of their masks, from one row to the next: 0 where all share them. */
  logits_rows: "u32",
  option_step: "u32",
  mask_step: "u32",
  /** Segments of a row that is gathered from. */
  segments: "u32",
  /** Elements from one sampled element of a segment to the next. */
  segment_step: "u32",
  /** Elements that the list of a row holds. */
  list_length: "u32",
  /** Elements from one element of a row's sketch to the next. */
  sketch_step: "u32",
  /** Always 0, which the compiler does not know: see `opaque` in argmax.ts. */
  zero: "u32",
  /** τ, τ/2, 1/τ and 2/τ. */
  temperature: "f32",
  half_temperature: "f32",
  inverse_temperature: "f32",
  twice_inverse_temperature: "f32",
  /** Half distances to the maximum beyond this weigh nothing. */
  cutoff: "f32",
  /** Half distance by which a maximum may exceed its estimate. */
  tolerance: "f32",
  /** Largest half distance that can be multiplied by 2/τ. */
  half_limit: "f32",
  /** Largest `logit + τ·g` that can be divided by τ. */
  value_limit: "f32",
  /** What the weight of a row's largest logit is in fixed point. */
  mass_scale: "f32",
} as const;

/** Values of some fields. */
export type ParamFields = { readonly [Name in keyof typeof FIELDS]?: number };

/** Values of the struct's fields: later ones of a list count, and fields without a value are 0. */
export type Params = ParamFields | readonly Params[];

const NAMES = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

/** The word of each field in the struct, and its type. */
const WORDS: ReadonlyMap<string, { readonly word: number; readonly type: "u32" | "f32" }> = new Map(
  NAMES.map((name, word) => [name, { word, type: FIELDS[name] }]),
);

/** Bytes of the uniform struct, rounded up to WGSL's 16. */
export const PARAMS_BYTES: number = 16 * Math.ceil(NAMES.length / 4);

/** `struct Params`. */
export const paramsStructWgsl: string = `
struct Params {
${fieldsWgsl(NAMES)}
}
`;

/** `params`, and `fn read_params()`, which the entry point calls first. */
export const paramsWgsl: string = `@group(0) @binding(0) var<uniform> params: Params;
fn read_params() {}
`;

/** `params` as a copy of each invocation's own, of the fields that the text names. */
export function paramsCopyWgsl(text: string): string {
  const used = NAMES.filter((name) => new RegExp(`\\bparams\\.${name}\\b`).test(text));
  return `@group(0) @binding(0) var<uniform> uniforms: Params;
struct OwnParams {
${fieldsWgsl(used)}
}
var<private> params: OwnParams;
fn read_params() {
  ${used.map((name) => `params.${name} = uniforms.${name};`).join("\n  ")}
}
`;
}

function fieldsWgsl(names: readonly (keyof typeof FIELDS)[]): string {
  return names.map((name) => `  ${name}: ${FIELDS[name]},`).join("\n");
}

/** The bytes of the struct. */
export function packParams(params: Params): ArrayBuffer {
  const words = new Uint32Array(PARAMS_BYTES / 4);
  const floats = new Float32Array(words.buffer);
  // Fields are written one by one: V8 takes 10 µs to merge objects of so many.
  const write = (part: Params): void => {
    if (Array.isArray(part)) for (const each of part) write(each);
    else
      for (const [name, value] of Object.entries(part)) {
        // Scratch has a base of 0, and no field for it.
        const field = WORDS.get(name);
        if (field !== undefined) (field.type === "f32" ? floats : words)[field.word] = value;
      }
  };
  write(params);
  return words.buffer;
}

/** The layout of a call's rows, and where their noise comes from. */
export function rowParams(layout: RowLayout, noise?: ResolvedNoise): Params {
  const { samples, outer, categories, inner } = layout;
  return [{ samples, outer, categories, inner }, noise === undefined ? [] : noiseParams(noise, layout)];
}

/** Where noise comes from. */
export function noiseParams(noise: ResolvedNoise, { categories, inner }: RowLayout): Params {
  const { key, offset, rowStride, columns } = noise;
  // Either the axis is the noise's last dimension, or whole rows of that dimension lie between two categories. Where
  // a row has one category and all later dimensions are 1, both say the same.
  const isLast = inner === 1 && columns === categories;
  const step = isLast ? 1n : BigInt(inner / columns) * BigInt(rowStride);
  const outerStride = isLast ? BigInt(rowStride) : BigInt(categories) * step;
  return {
    key_hi: key[0],
    key_lo: key[1],
    offset_hi: Math.floor(offset / 2 ** 32),
    offset_lo: offset >>> 0,
    row_stride_hi: Math.floor(rowStride / 2 ** 32),
    row_stride_lo: rowStride >>> 0,
    outer_stride_hi: Number(outerStride >> 32n),
    outer_stride_lo: Number(outerStride & 0xffffffffn),
    step_hi: Number(step >> 32n),
    step_lo: Number(step & 0xffffffffn),
    columns,
  };
}

/** exp(−104) is below half of float32's smallest positive number. */
const NEGLIGIBLE = 104;

/**
 * A temperature. Distances to a maximum are halved, so that those between ±3.4e38 do not overflow, and multiplied by 2/τ
 * once they are known to count.
 */
export function temperatureParams(temperature: number): ParamFields {
  return {
    temperature,
    half_temperature: temperature / 2,
    inverse_temperature: 1 / temperature,
    twice_inverse_temperature: 2 / temperature,
    cutoff: (NEGLIGIBLE * temperature) / 2,
    half_limit: Math.min(FLT_MAX, (FLT_MAX / 2) * temperature * (1 - 2 ** -22)),
    // A little less, so that rounding of the limit or of 1/τ cannot lead beyond FLT_MAX.
    value_limit: temperature < 1 ? FLT_MAX * temperature * (1 - 2 ** -22) : FLT_MAX,
  };
}
