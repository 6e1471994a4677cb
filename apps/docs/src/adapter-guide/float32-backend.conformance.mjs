// What the suite needs to know of the backend: how values get in and out.
import { createSamplerOver } from "@gumbel/core/adapter";
import { backend } from "./float32-backend.mjs";

export default {
  create: () => ({
    sampler: createSamplerOver(backend),
    fromArray: ({ data, shape }) => ({ data: Float32Array.from(data), shape }),
    toArray: (tensor) => tensor,
    release: () => {},
  }),
};
