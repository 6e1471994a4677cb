// VJP-4's allowance for numbers below float32's normal range, which GPUs may flush to zero.
import { describe, expect, it } from "vitest";
import type { CallOf } from "../src/conformance/call.ts";
import { checkGradient } from "../src/conformance/checks/check-gradient.ts";
import { softmaxVjp } from "../src/index.ts";

describe("the bound of a gradient", () => {
  const callOf = (size: number): CallOf<"softmaxVjp"> => ({
    operation: "softmaxVjp",
    logits: { data: [0, 0.005, -0.005], shape: [3] },
    cotangent: { data: [size, -size, size / 2], shape: [3] },
    options: { temperature: 0.01 },
  });
  const expectedOf = ({ logits, cotangent, options }: CallOf<"softmaxVjp">) =>
    softmaxVjp(logits, cotangent, options).data;

  it("allows a gradient of nothing but subnormal cotangents to be zero, though the temperature makes it normal", () => {
    const call = callOf(2 ** -127);
    const expected = expectedOf(call);
    expect(Math.abs(expected[0])).toBeGreaterThan(2 ** -126);
    expect(() => checkGradient(call, [0, 0, 0], expected)).not.toThrow();
  });

  it("allows no such thing of cotangents that float32 holds well", () => {
    const call = callOf(2 ** -100);
    expect(() => checkGradient(call, [0, 0, 0], expectedOf(call))).toThrow("VJP");
  });
});
