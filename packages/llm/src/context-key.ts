// Keys of a watermark: the tokens before a token choose under which key it is drawn.
import { foldIn, type Key } from "@gumbel/core/shared";
import type { ResolvedWatermark } from "./resolve-options.ts";

/** Stands for a token before the first one: no token id is as large. */
const NO_TOKEN = 2 ** 32;

/**
 * The key of the token at a place: the watermark's, with each of the `context` tokens before it folded in, the oldest first.
 * Always as many, so that the key of one context is never the parent of another's.
 */
export function contextKey(
  tokens: readonly number[],
  place: number,
  { key, context }: ResolvedWatermark,
): Key {
  let folded = key;
  for (let i = place - context; i < place; i++) folded = foldIn(folded, i < 0 ? NO_TOKEN : tokens[i]);
  return folded;
}

/** Whether the tokens before a place stand somewhere before too, followed by a token. */
export function isContextRepeated(tokens: readonly number[], place: number, context: number): boolean {
  for (let end = context; end < place; end++) {
    let same = 0;
    while (same < context && tokens[end - 1 - same] === tokens[place - 1 - same]) same++;
    if (same === context) return true;
  }
  return false;
}
