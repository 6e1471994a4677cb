import { describe, expect, it } from "vitest";
import { FAMILIES, HELP, parseArguments } from "../src/arguments.ts";

describe("parseArguments", () => {
  it("measures everything when nothing is said, and calls only that a whole run", () => {
    const all = parseArguments([]);
    expect(all).toMatchObject({ families: FAMILIES, times: true, quality: true, quick: false, whole: true });
    expect(all.shapes).toContainEqual([1, 151_936]);
    for (const flags of [["--quick"], ["--only", "wasm"], ["--shapes", "1x8"]])
      expect(parseArguments(flags).whole).toBe(false);
  });

  it("reads lists", () => {
    const { families, times, quality, shapes } = parseArguments([
      "--only",
      "tfjs, wasm",
      "--shapes",
      "1x151936,64x4096",
    ]);
    expect({ families, times, quality }).toEqual({ families: ["wasm", "tfjs"], times: true, quality: false });
    expect(shapes).toEqual([
      [1, 151_936],
      [64, 4096],
    ]);
  });

  it("measures the quality of all families when only quality is asked for, and times nothing", () => {
    expect(parseArguments(["--only=quality"])).toMatchObject({
      families: FAMILIES,
      times: false,
      quality: true,
    });
  });

  it.each([
    [["--only", "gpu"], /--only takes .*quality, got "gpu"/],
    [["--shapes", "64"], /--shapes takes ROWSxCLASSES, .*got "64"/],
    [["--shapes", "0x8"], /got "0x8"/],
    [["--budget", "0"], /--budget takes a positive number of seconds, got "0"/],
    [["--budget", "long"], /got "long"/],
    [["--fast"], /--fast/],
    [["now"], /now/],
  ])("refuses %j by name", (flags, message) => {
    expect(() => parseArguments(flags)).toThrow(message);
  });

  it("explains each flag that it takes", () => {
    for (const flag of ["only", "shapes", "quick", "budget", "hardware", "out", "from", "help"])
      expect(HELP).toContain(`--${flag}`);
  });
});
