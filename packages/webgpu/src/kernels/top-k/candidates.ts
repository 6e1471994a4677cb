// Candidates of a row for gumbelTopK, in WGSL: argmaxes of one category each, so that they sort by the real number
// logit_j + τ·g_j. A degenerate category sorts first, masks and padding last.
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";
import { ARGMAX_WORDS, perturbedValueWgsl } from "../argmax/argmax.ts";

/** `fn candidate_at(row: u32, category: u32) -> Argmax`. Needs argmaxWgsl and noiseAtWgsl. */
export const candidateAtWgsl: string = /* wgsl */ `
fn candidate_at(row: u32, category: u32) -> Argmax {
  let bits = load_logits(index_of(logits_start(row), category));
  if (is_degenerate(bits)) { return Argmax(${DEGENERATE}, NO_REST, category); }
  return argmax_of(bits, gumbel_at(row_counter(row), category), category);
}
`;

/** `fn load_candidate(index: u32) -> Argmax` from the tensor `candidates`. */
export const loadCandidateWgsl: string = /* wgsl */ `
fn load_candidate(index: u32) -> Argmax {
  let at = ${ARGMAX_WORDS}u * index;
  return Argmax(load_candidates(at), load_candidates(at + 1u), load_candidates(at + 2u));
}
`;

/** `fn store_candidate(index: u32, candidate: Argmax)` to a tensor. */
export function storeCandidateWgsl(tensor: string): string {
  return /* wgsl */ `
fn store_candidate(index: u32, candidate: Argmax) {
  let at = ${ARGMAX_WORDS}u * index;
  store_${tensor}(at, candidate.key);
  store_${tensor}(at + 1u, candidate.rest);
  store_${tensor}(at + 2u, candidate.category);
}
`;
}

/** `fn precedes(a: Argmax, b: Argmax) -> bool`: the larger one first, the lower category on a tie. */
export const precedesWgsl: string = /* wgsl */ `
fn precedes(a: Argmax, b: Argmax) -> bool {
  if (a.key != b.key) { return a.key > b.key; }
  if (a.key != 0u && a.rest != b.rest) { return a.rest > b.rest; }
  return a.category < b.category;
}
`;

/**
 * `fn emit(row: u32, place: u32, key: u32, category: u32, first: u32)`: stores one place of the result; `first` is the key
 * at the row's first place, which tells whether the row is degenerate.
 */
export const emitWgsl: string = /* wgsl */ `${perturbedValueWgsl}
fn emit(row: u32, place: u32, key: u32, category: u32, first: u32) {
  let at = (row / params.inner * params.places + place) * params.inner + row % params.inner;
  let is_degenerate_row = first == 0u || first == ${DEGENERATE};
  let is_empty = key == 0u;
  let value = bitcast<u32>(perturbed_value(bitcast<f32>(bits_of_sortable(key))));
  store_values(at, select(select(value, 0xff800000u, is_empty), 0x7fc00000u, is_degenerate_row));
  store_indices(at, select(category, 0xffffffffu, is_empty || is_degenerate_row));
}
`;
