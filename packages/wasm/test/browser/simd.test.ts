// What the page's engine offers is found, and used.
import { expect, it } from "vitest";
import { createSampler } from "../../src/index.ts";

it("takes relaxed SIMD where the engine has it", async () => {
  expect((await createSampler()).backend).toBe("wasm (relaxed SIMD)");
});
