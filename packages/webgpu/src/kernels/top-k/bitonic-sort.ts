// A bitonic sort in workgroup memory.

/**
 * `fn sort_<order>(lane: u32, run: u32)`: sorts the first `run` entries of `sorted`, a power of two, by `precedes_<order>`.
 * Begins and ends with a barrier; all lanes call it with the same run.
 */
export function bitonicSortWgsl(order: string): string {
  return /* wgsl */ `
fn sort_${order}(lane: u32, run: u32) {
  // The first step in each round mirrors, so that every comparison has the same direction.
  for (var width = 2u; width <= run; width *= 2u) {
    for (var distance = width / 2u; distance > 0u; distance /= 2u) {
      workgroupBarrier();
      let is_mirrored = distance == width / 2u;
      for (var pair = lane; pair < run / 2u; pair += LANES) {
        let low = pair / distance * distance * 2u + pair % distance;
        let high = select(low + distance, low ^ (2u * distance - 1u), is_mirrored);
        let a = sorted[low];
        let b = sorted[high];
        if (precedes_${order}(b, a)) {
          sorted[low] = b;
          sorted[high] = a;
        }
      }
    }
  }
  workgroupBarrier();
}
`;
}
