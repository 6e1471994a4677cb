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
