// WGSL functions without bindings, one a string, to be pasted into any shader. Each says which others it needs.
export { add64Wgsl, counterOfWgsl, multiply64Wgsl } from "./counter.ts";
export { expCoreOf2Wgsl, expCoreWgsl } from "./exp-core.ts";
export { isDegenerateWgsl, isMaskedWgsl, nanValueWgsl } from "./float-class.ts";
export { bitsOfFloat16Wgsl } from "./float16.ts";
export { log1pCoreWgsl, logCoreWgsl } from "./log-core.ts";
export { blockWgsl, noiseOf2Wgsl, noiseWgsl } from "./noise.ts";
export { exponentialFullWgsl, gumbelFullWgsl } from "./noise-full.ts";
export { exponentialJaxWgsl, gumbelJaxWgsl } from "./noise-jax.ts";
export { bitsOfSortableWgsl, sortableBitsWgsl } from "./sortable-bits.ts";
export { type Rotation, threefry2x32, threefry2x32Of2, threefry2x32Wgsl } from "./threefry-2x32.ts";
