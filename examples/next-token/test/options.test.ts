// The command line.
import { describe, expect, it } from "vitest";
import { parseOptions, UsageError } from "../src/options.ts";

describe("options", () => {
  it("have defaults", () => {
    expect(parseOptions([])).toEqual({
      help: false,
      prompt: "It was a",
      seed: 1,
      tokens: 64,
      chapters: 130,
      vocabulary: 4096,
      out: "next-token-report",
    });
  });

  it.each([
    [["--tokens", "7"], '--tokens must be an integer in [8, 500], got "7"'],
    [["--seed", "x"], '--seed must be an integer in [0, 9007199254740991], got "x"'],
    [["--chapters", "131"], '--chapters must be an integer in [1, 130], got "131"'],
    [["--vocabulary", "100"], '--vocabulary must be an integer in [512, 8192], got "100"'],
    [["--prompt", ""], "--prompt must not be empty"],
    [["--token", "3"], "--token"],
    [["report"], "report"],
  ])("refuse %j", (words, message) => {
    expect(() => parseOptions(words)).toThrow(UsageError);
    expect(() => parseOptions(words)).toThrow(message);
  });
});
