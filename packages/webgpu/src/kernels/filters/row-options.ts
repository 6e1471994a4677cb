// What a call says of each row (filters, temperature, key, mask), packed for the GPU, and read there.
import { FLT_MAX, type ResolvedDecoding, type RowLayout, rowCountOf, valueOfRow } from "@gumbel/core/adapter";
import { type Params, temperatureParams } from "../../shader/params.ts";
import { LARGEST_RANK } from "../gather/plan-bound.ts";

/** Fields of a row, in order; numbers are float32, masses of 32 bits behind the point. */
const FIELDS = [
  "top_k",
  "top_p",
  "min_p",
  "rank",
  "filter_scale",
  "filter_limit",
  "temperature",
  "scale",
  "limit",
  "key_hi",
  "key_lo",
] as const;
type Field = (typeof FIELDS)[number];

/** `top_p` of a row that is not filtered by it. */
export const NO_TOP_P = "0xffffffffu";
/** `min_p` of a row that is not filtered by it. */
export const NO_MIN_P = "-3.4028234e38f";
/** `rank` of a row that nothing is gathered of. */
export const NO_RANK = "0xffffffffu";

const OFF = 0xffffffff;

/** The rows of a call, packed. */
export interface RowOptions {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly mask: Uint32Array<ArrayBuffer> | undefined;
  readonly params: Params;
  /** Whether any row has a filter that asks for a cut. */
  readonly isCut: boolean;
  /** Whether a window of any row is needed: for topP of a whole row, or for a topK beyond the largest rank. */
  readonly needsWindow: boolean;
  /** The largest rank that a bound is made for; 0 where there is none. */
  readonly largestRank: number;
}

/** Packs the rows of a call: one, where all are alike. */
export function packRows(decoding: ResolvedDecoding, layout: RowLayout): RowOptions {
  const { temperature, topK, topP, minP, keys, mask, wordsPerRow, isTemperatureLast } = decoding;
  const rows = rowCountOf(layout);
  const isAlike = keys === undefined && [temperature, topK, topP, minP].every(({ length }) => length === 1);
  const count = isAlike ? 1 : rows;
  const bytes = new DataView(new ArrayBuffer(4 * FIELDS.length * count));
  let isCut = false;
  let needsWindow = false;
  let largestRank = 0;
  for (let row = 0; row < count; row++) {
    const tau = valueOfRow(temperature, row);
    // The mode is the first category of the ranking, whatever its noise.
    const isMode = tau === 0;
    const k = isMode ? 1 : valueOfRow(topK, row);
    const places = k >= layout.categories ? 0 : k;
    const p = isMode ? 1 : valueOfRow(topP, row);
    const share = Math.min(OFF, Math.floor(p * 2 ** 32));
    const m = isMode ? 0 : valueOfRow(minP, row);
    const isMany = places > LARGEST_RANK;
    const isWindow = share === OFF ? isMany : places === 0;
    const rank = isWindow ? LARGEST_RANK : isMany ? OFF : places > 0 ? places : m > 0 ? 1 : OFF;
    const ofDraw = temperatureParams(isMode ? 1 : tau);
    const ofFilter = isTemperatureLast ? temperatureParams(1) : ofDraw;
    isCut ||= places > 0 || share !== OFF || m > 0;
    needsWindow ||= isWindow;
    if (rank !== OFF) largestRank = Math.max(largestRank, rank);
    const [hi, lo] = keys?.[row] ?? [0, 0];
    const values: Readonly<Record<Field, number>> = {
      top_k: places,
      top_p: share,
      min_p: m > 0 ? Math.log(m) : -FLT_MAX,
      rank,
      filter_scale: ofFilter.twice_inverse_temperature!,
      filter_limit: ofFilter.half_limit!,
      temperature: ofDraw.temperature!,
      scale: ofDraw.twice_inverse_temperature!,
      limit: ofDraw.half_limit!,
      key_hi: hi,
      key_lo: lo,
    };
    FIELDS.forEach((field, i) => {
      const at = 4 * (row * FIELDS.length + i);
      if (IS_FLOAT.has(field)) bytes.setFloat32(at, values[field], true);
      else bytes.setUint32(at, values[field], true);
    });
  }
  return {
    words: new Uint32Array(bytes.buffer),
    mask: mask && Uint32Array.from(mask),
    params: {
      logits_rows: rows,
      option_step: isAlike ? 0 : FIELDS.length,
      mask_step: mask !== undefined && mask.length > wordsPerRow ? wordsPerRow : 0,
      // Sums of fewer than 2⁶⁴ in all.
      mass_scale: layout.categories <= 2 ** 22 ? 2 ** 40 : 2 ** 32,
    },
    isCut,
    needsWindow,
    largestRank,
  };
}

const IS_FLOAT: ReadonlySet<Field> = new Set([
  "min_p",
  "filter_scale",
  "filter_limit",
  "temperature",
  "scale",
  "limit",
]);

/** A field of a row of the logits, as a WGSL expression of its type; the tensor `options`. */
export function optionOf(field: Field, row: string): string {
  const word = `load_options(${row} * params.option_step + ${FIELDS.indexOf(field)}u)`;
  return IS_FLOAT.has(field) ? `bitcast<f32>(${word})` : word;
}

/**
 * - `fn begin_logits(row: u32)`: sets the row of the logits that the other functions are about.
 * - `fn logit_at(j: u32) -> u32`: bits of a logit, those of −∞ where the mask does not allow the category.
 * - `fn order_at(j: u32) -> u32`: its sortable bits, 0 for −∞. `order_of(bits)`, `orders_of(bits: vec4<u32>)` of bits.
 *
 * Needs rowLayoutWgsl, and the tensors `logits` and, where there is a mask, `masks`.
 */
export function logitsWgsl(hasMask: boolean): string {
  const isAllowed = "((load_masks(mask_of_row + (j >> 5u)) >> (j & 31u)) & 1u) == 1u";
  return /* wgsl */ `
var<private> logits_of_row: u32;
var<private> mask_of_row: u32;
fn begin_logits(row: u32) {
  logits_of_row = logits_start(row);
  mask_of_row = row * params.mask_step;
}
fn logit_at(j: u32) -> u32 {
  let bits = load_logits(index_of(logits_of_row, j));
  return ${hasMask ? `select(0xff800000u, bits, ${isAllowed})` : "bits"};
}
fn order_of(bits: u32) -> u32 { return select(sortable_bits(bits), 0u, is_masked(bits)); }
fn orders_of(bits: vec4<u32>) -> vec4<u32> {
  return vec4(order_of(bits.x), order_of(bits.y), order_of(bits.z), order_of(bits.w));
}
fn order_at(j: u32) -> u32 { return order_of(logit_at(j)); }
`;
}

/** The tensors of {@link logitsWgsl} and {@link optionOf}. */
export function rowUses(hasMask: boolean): { readonly name: string; readonly access: "read" }[] {
  const names = ["logits", "options", ...(hasMask ? ["masks"] : [])];
  return names.map((name) => ({ name, access: "read" }));
}
