// The conformance suite on the backends that run in Node: the engine of @gumbel/wasm computes, which its own tests certify in full.
import { describeConformance } from "@gumbel/core/vitest";
import { quickUnlessFull, smokeUnlessFull } from "@gumbel-tools/test";
import target, { tfjsTarget } from "../src/conformance.ts";
import { NODE_BACKENDS, tf } from "./start-backends.ts";

// As `gumbel-conformance @gumbel/tfjs/conformance` runs it.
describeConformance("tfjs, whatever backend it chooses", target, {
  quick: true,
  filter: ({ id }) => /^(bits\/jax|reference\/softmax)/.test(id),
});

for (const [i, backend] of NODE_BACKENDS.entries()) {
  describeConformance(
    `tfjs ${backend}`,
    tfjsTarget(tf, backend),
    i === 0 ? quickUnlessFull : smokeUnlessFull,
  );
}
