// Byte-pair encoding on texts that are worked by hand.
import { describe, expect, it } from "vitest";
import { trainBpe } from "../src/train-bpe.ts";

describe("trainBpe", () => {
  it("merges the most frequent pair first, within words", () => {
    const { merges, tokens, encode } = trainBpe(["low low lower lowest"], 261);
    // lo is in four words, and so is low then; the space before it in three.
    expect(merges).toEqual([
      ["l", "o"],
      ["lo", "w"],
      ["Ġ", "low"],
      ["Ġlow", "e"],
    ]);
    expect(encode("low lower").map((id) => tokens[id])).toEqual(["low", "Ġlowe", "r"]);
  });

  it("has the end of text and every byte before its merges", () => {
    const { tokens } = trainBpe(["aa"], 258);
    expect(tokens).toHaveLength(258);
    expect(new Set(tokens).size).toBe(258);
    expect(tokens[0]).toBe("<|endoftext|>");
  });

  it.each([256, 3000.5, 65_537])("refuses a vocabulary of %d tokens", (size) => {
    expect(() => trainBpe(["a"], size)).toThrow("vocabularySize must be an integer in [257, 65536]");
  });

  it("refuses texts that have no so many tokens", () => {
    expect(() => trainBpe(["ab"], 300)).toThrow("the texts have no 300 tokens");
  });
});
