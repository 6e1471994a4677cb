// Where chunks leave their masses for the kernel that finishes their rows.

/** Words of a mass in the `masses` tensor. */
export const MASS_WORDS = 3;

/**
 * Elements that a lane adds up before it adds to the chunk's sum: over 150,000 elements one float32 sum loses 3e-5,
 * blocks of this size keep float32's own accuracy.
 */
export const SUMMED = 64;

/** A statement that stores a job's `mass`. */
export const storeMass: string = /* wgsl */ `if (job.lane == 0u) {
    let slot = ${MASS_WORDS}u * (job.row * params.chunks + job.chunk);
    store_masses(slot, mass.top);
    store_masses(slot + 1u, bitcast<u32>(mass.sum));
    store_masses(slot + 2u, bitcast<u32>(mass.dot));
  }`;
