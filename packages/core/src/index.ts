// The main entry: keys, the float64 reference, and the interface of a backend.
export { threefry2x32 } from "./random/threefry.ts";
export { createSampler, type ReferenceSampler } from "./reference/create-sampler.ts";
export type { ReferenceResults } from "./reference/evaluate.ts";
export * from "./reference/index.ts";
export * from "./shared.ts";
