// A number of workgroups as a grid within the limit of each dimension.

/**
 * The smallest near-square grid `[x, y]` of at least `groups` workgroups. Kernels number a workgroup `x + X·y` and leave
 * what is beyond their jobs.
 *
 * @param limit `maxComputeWorkgroupsPerDimension`
 * @throws RangeError when two dimensions do not suffice
 */
export function gridOf(groups: number, limit: number): [x: number, y: number] {
  if (groups <= limit) return [groups, 1];
  const y = Math.ceil(groups / limit);
  if (y > limit) {
    throw new RangeError(
      `logits make ${groups} workgroups, more than maxComputeWorkgroupsPerDimension (${limit}) squared`,
    );
  }
  return [Math.ceil(groups / y), y];
}
