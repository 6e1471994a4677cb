// What the programs take of @gumbel/webgpu beside its noise.
import { expCoreWgsl, isDegenerateWgsl, isMaskedWgsl, log1pCoreWgsl, logCoreWgsl } from "@gumbel/webgpu/wgsl";

/** `fn is_masked(bits: u32) -> bool` and `fn is_degenerate(bits: u32) -> bool`: what a float is, read off its bits. */
export const floatClassWgsl: string = isMaskedWgsl + isDegenerateWgsl;

/** `fn log_core(x: f32) -> f32`: log(x) for positive normal x. */
export const logWgsl: string = log1pCoreWgsl + logCoreWgsl;

/** `fn exp_core(t: f32) -> f32`: exp(t) for t in [−104, 0]; 0 below float32's normal range. */
export { expCoreWgsl };
