// The public API of @gumbel/llm. Adapters to libraries are entries of their own.
export * from "@gumbel/core/shared";
export { createTokenSampler } from "./create-token-sampler.ts";
export { detectWatermark, type WatermarkEvidence } from "./detect-watermark.ts";
export type * from "./options.ts";
export { type VerifiedDraft, verifyDraft } from "./verify-draft.ts";
