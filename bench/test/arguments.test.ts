import { describe, expect, it } from "vitest";
import { HELP, parseArguments } from "../src/arguments.ts";
import { FAMILIES } from "../src/results.ts";

describe("parseArguments", () => {
  it("measures everything by default, and calls only that a whole run", () => {
    const all = parseArguments([]);
    expect(all).toMatchObject({ families: FAMILIES, times: true, quality: true, quick: false, whole: true });
    expect(all.shapes).toContainEqual([1, 151_936]);
    for (const flags of [["--quick"], ["--only", "wasm"], ["--shapes", "1x8"], ["--dawn"]])
      expect(parseArguments(flags).whole).toBe(false);
  });

  it("has shapes of its own for a GPU alone", () => {
    const { gpu, gpuShapes, gpuRounds } = parseArguments(["--gpu", "--quick"]);
    expect([gpu, gpuRounds]).toEqual([true, 3]);
    expect(gpuShapes).toContainEqual([256, 32_000]);
    expect(parseArguments(["--gpu", "--shapes=2x8"]).gpuShapes).toEqual([[2, 8]]);
  });

  it("reads lists; quality alone is that of all families", () => {
    const { families, times, quality, shapes } = parseArguments([
      "--only=tfjs, wasm",
      "--shapes",
      "1x8,64x4",
    ]);
    expect([families, times, quality, shapes.join(" ")]).toEqual([["wasm", "tfjs"], true, false, "1,8 64,4"]);
    const only = { families: FAMILIES, times: false, quality: true };
    expect(parseArguments(["--only=quality"])).toMatchObject(only);
  });

  it.each([
    ["--only=gpu", /--only takes .*quality, got "gpu"/],
    ["--shapes=64", /--shapes takes ROWSxCATEGORIES, .*got "64"/],
    ["--shapes=0x8", /got "0x8"/],
    ["--budget=0", /--budget takes a positive number of seconds, got "0"/],
    ["--budget=long", /got "long"/],
    ["--fast", /--fast/],
    ["now", /now/],
  ])("refuses %s by name", (flag, message) => {
    expect(() => parseArguments([flag])).toThrow(message);
  });

  it("takes each flag that the help explains", () => {
    for (const [, flag] of HELP.matchAll(/^ {2}(--\w+)/gm))
      expect(() => parseArguments([flag])).not.toThrow(/Unknown option/);
  });
});
