// Refuses what is no key, by the name of its argument. Core's own check is of the argument `key`.
import { describe } from "@gumbel/core/adapter";
import type { Key } from "@gumbel/core/shared";

/** @throws TypeError when it is no pair of numbers, RangeError when a word is no uint32 */
export function assertKeyOf(value: unknown, argument: string): asserts value is Key {
  const words = value as ArrayLike<unknown> | null | undefined;
  const isPair = (Array.isArray(words) || ArrayBuffer.isView(words)) && words?.length === 2;
  if (!isPair || typeof words?.[0] !== "number" || typeof words[1] !== "number") {
    const hint = typeof value === "number" ? `: did you mean key(${value})?` : "";
    throw new TypeError(`${argument} must be a key, a pair of uint32 words, got ${describe(value)}${hint}`);
  }
  if (words[0] !== words[0] >>> 0 || words[1] !== words[1] >>> 0) {
    throw new RangeError(`${argument} must hold integers in [0, 2^32), got ${describe(value)}`);
  }
}
