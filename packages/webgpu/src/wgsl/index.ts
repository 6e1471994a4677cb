// WGSL functions without bindings, one a string, to be pasted into any shader. Each says which others it needs.
export { add64Wgsl, counterOfWgsl, multiply64Wgsl } from "./counter.ts";
export { expCoreOf4Wgsl, expCoreWgsl } from "./exp-core.ts";
export { isDegenerateWgsl, isMaskedWgsl, nanValueWgsl } from "./float-class.ts";
export { bitsOfHalfWgsl } from "./half.ts";
export { log1pCoreWgsl, logCoreWgsl } from "./log-core.ts";
export { blockWgsl, noiseOf4Wgsl, noiseWgsl } from "./noise.ts";
export { exponentialFullWgsl, gumbelFullWgsl } from "./noise-full.ts";
export { exponentialJaxWgsl, gumbelJaxWgsl } from "./noise-jax.ts";
export { bitsOfOrderWgsl, orderOfWgsl } from "./order.ts";
export { threefry2x32Of4Wgsl, threefry2x32Wgsl } from "./threefry-2x32.ts";
