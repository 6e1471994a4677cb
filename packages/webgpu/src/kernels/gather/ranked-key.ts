// The key of a rank among many, by counting: a workgroup finds it bit by bit, without sorting.

/** Bits that are found: enough for a 65,536th of the distance between the keys. */
const ROUNDS = 16;

/**
 * `fn ranked_key(first: u32, end: u32, rank: u32, lane: u32) -> u32`: a key that at least `rank` of the elements [first, end)
 * reach, and hardly more; 0 where fewer have a key other than 0. Then `fn largest_key() -> u32`. All lanes call it, once.
 *
 * @param load the key of element `at`, a WGSL expression
 */
export function rankedKeyWgsl(load: string): string {
  return /* wgsl */ `
var<workgroup> counts: array<atomic<u32>, ${ROUNDS}>;
var<workgroup> known: atomic<u32>;
var<workgroup> largest: atomic<u32>;
var<workgroup> smallest_inverted: atomic<u32>;
fn largest_key() -> u32 { return atomicLoad(&largest); }
fn ranked_key(first: u32, end: u32, rank: u32, lane: u32) -> u32 {
  var count = 0u;
  var most = 0u;
  var least = 0xffffffffu;
  for (var at = first + lane; at < end; at += LANES) {
    let key = ${load};
    count += u32(key != 0u);
    most = max(most, key);
    least = min(least, select(key, 0xffffffffu, key == 0u));
  }
  atomicAdd(&known, count);
  atomicMax(&largest, most);
  atomicMax(&smallest_inverted, ~least);
  workgroupBarrier();
  most = largest_key();
  // From the first bit on in which keys differ.
  let same = countLeadingZeros(most ^ ~atomicLoad(&smallest_inverted));
  var ranked = select(most & ~(0xffffffffu >> min(same, 31u)), most, same >= 32u);
  for (var bit = 0u; bit < ${ROUNDS}u; bit++) {
    let next = select(ranked, ranked | (0x80000000u >> min(same + bit, 31u)), same + bit < 32u);
    count = 0u;
    for (var at = first + lane; at < end; at += LANES) { count += u32(${load} >= next); }
    atomicAdd(&counts[bit], count);
    workgroupBarrier();
    if (atomicLoad(&counts[bit]) >= rank) { ranked = next; }
  }
  return select(ranked, 0u, atomicLoad(&known) < rank);
}
`;
}

/** Elements beyond those needed that share a rank's key: more of them are told apart by their places. */
const SPARE_TIES = 16;

/**
 * `fn ranked_place(first: u32, rank: u32, ranked: u32, lane: u32) -> vec2<u32>`, after {@link rankedKeyWgsl} of the tensor `peaks`: a key
 * and a place; at least `rank` peaks have a larger key, or this one up to that place. Where few share the key, it is all of those that
 * reach `ranked`. All lanes call it, once.
 */
export const rankedPlaceWgsl: string = /* wgsl */ `
var<workgroup> least_inverted: atomic<u32>;
var<workgroup> higher: atomic<u32>;
var<workgroup> equal: atomic<u32>;
var<workgroup> earlier: array<atomic<u32>, 32>;
fn ranked_place(first: u32, rank: u32, ranked: u32, lane: u32) -> vec2<u32> {
  let end = first + params.segments;
  var least = 0xffffffffu;
  for (var at = first + lane; at < end; at += LANES) {
    let key = load_peaks(at);
    least = min(least, select(0xffffffffu, key, key >= max(ranked, 1u)));
  }
  atomicMax(&least_inverted, ~least);
  least = ~workgroupUniformLoad(&least_inverted);
  var above = 0u;
  var same = 0u;
  for (var at = first + lane; at < end; at += LANES) {
    let key = load_peaks(at);
    above += u32(key > least);
    same += u32(key == least);
  }
  atomicAdd(&higher, above);
  atomicAdd(&equal, same);
  above = workgroupUniformLoad(&higher);
  same = workgroupUniformLoad(&equal);
  if (above >= rank || above + same <= rank + ${SPARE_TIES}u) { return vec2(ranked, 0xffffffffu); }
  // The largest place before which there are too few.
  let places = params.rows * params.segments;
  var place = 0u;
  for (var bit = countLeadingZeros(params.categories); bit < 32u; bit++) {
    let next = place | (0x80000000u >> bit);
    var count = 0u;
    for (var at = first + lane; at < end; at += LANES) {
      count += u32(load_peaks(at) == least && load_peaks(places + at) < next);
    }
    atomicAdd(&earlier[bit], count);
    if (above + workgroupUniformLoad(&earlier[bit]) < rank) { place = next; }
  }
  return vec2(least, place);
}
`;
