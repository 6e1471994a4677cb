// Float32 values as integers of the same order, and their neighbours.

/** An integer that is ordered as the float, and the bits of the float that is ordered as an integer: its own inverse. */
@inline
function flip(bits: i32): i32 {
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

/** The integer of a float. −0 is just below 0. */
@inline
export function sortableBits(value: f32): i32 {
  return flip(reinterpret<i32>(value));
}

/** The float of an integer. */
@inline
export function ofSortableBits(bits: i32): f32 {
  return reinterpret<f32>(flip(bits));
}

/** The least float above one that is less than +∞. */
export function nextUp(value: f32): f32 {
  // Also for −0, which is equal to 0.
  return value == 0 ? reinterpret<f32>(1) : ofSortableBits(sortableBits(value) + 1);
}

/** The least float that is not below a number. */
export function ceilToFloat(value: f64): f32 {
  const nearest = <f32>value;
  return <f64>nearest < value ? nextUp(nearest) : nearest;
}
