// Byte-pair encoding (Sennrich et al. 2016), learned from text: merges the most frequent pair of neighbours until the vocabulary is full.
import { BYTE_ALPHABET } from "./byte-alphabet.ts";

/** Splits text before encoding: GPT-2's pattern, which the pre-tokenizer `ByteLevel` applies. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** A trained tokenizer. */
export interface Bpe {
  /** Token of each id, in the byte alphabet. Id 0 is {@link END_OF_TEXT}. */
  readonly tokens: readonly string[];
  /** Pairs in the order in which they are merged. */
  readonly merges: readonly (readonly [string, string])[];
  /** Ids of a text that the tokenizer was trained on. */
  encode(text: string): number[];
}

/** The token that starts and ends a text, and pads it. */
export const END_OF_TEXT = "<|endoftext|>";

/** A distinct word: its tokens so far, and how often it occurs. */
interface Word {
  ids: number[];
  count: number;
}

/**
 * Trains a tokenizer.
 *
 * @param vocabularySize tokens, at least 257: the end of text, the bytes, then merges
 */
export function trainBpe(texts: readonly string[], vocabularySize: number): Bpe {
  if (!Number.isInteger(vocabularySize) || vocabularySize < 257 || vocabularySize > 65_536) {
    throw new RangeError(`vocabularySize must be an integer in [257, 65536], got ${vocabularySize}`);
  }
  const tokens = [END_OF_TEXT, ...BYTE_ALPHABET];
  const merges: [string, string][] = [];
  const words = new Map<string, Word>();
  for (const text of texts) {
    for (const [word] of text.matchAll(WORDS)) {
      const found = words.get(word);
      if (found === undefined) words.set(word, { ids: bytesOf(word), count: 1 });
      else found.count++;
    }
  }
  const pairs = countPairs(words.values());
  while (tokens.length < vocabularySize) {
    const best = mostFrequent(pairs);
    if (best === undefined) throw new RangeError(`the texts have no ${vocabularySize} tokens`);
    const [left, right] = [Math.floor(best / 65_536), best % 65_536];
    const merged = tokens.length;
    merges.push([tokens[left], tokens[right]]);
    tokens.push(tokens[left] + tokens[right]);
    // Copied, because merging adds to the sets.
    for (const word of [...pairs.get(best)!.words]) {
      changePairs(pairs, word, -word.count);
      word.ids = merge(word.ids, left, right, merged);
      changePairs(pairs, word, word.count);
    }
  }
  return {
    tokens,
    merges,
    encode: (text) => Array.from(text.matchAll(WORDS), ([word]) => idsOf(words, word)).flat(),
  };
}

function idsOf(words: ReadonlyMap<string, Word>, word: string): number[] {
  const found = words.get(word);
  if (found === undefined) throw new Error(`the tokenizer was not trained on ${JSON.stringify(word)}`);
  return found.ids;
}

function bytesOf(word: string): number[] {
  return Array.from(new TextEncoder().encode(word), (byte) => 1 + byte);
}

/** How often a pair of neighbours occurs, and the words that have it. */
interface Pair {
  count: number;
  readonly words: Set<Word>;
}

/** Key: left · 65,536 + right. */
type Pairs = Map<number, Pair>;

function countPairs(words: Iterable<Word>): Pairs {
  const pairs: Pairs = new Map();
  for (const word of words) changePairs(pairs, word, word.count);
  return pairs;
}

function changePairs(pairs: Pairs, word: Word, change: number): void {
  for (let i = 0; i + 1 < word.ids.length; i++) {
    const key = word.ids[i] * 65_536 + word.ids[i + 1];
    let pair = pairs.get(key);
    if (pair === undefined) {
      pair = { count: 0, words: new Set() };
      pairs.set(key, pair);
    }
    pair.count += change;
    if (change > 0) pair.words.add(word);
    else pair.words.delete(word);
    if (pair.count === 0) pairs.delete(key);
  }
}

/** Of equally frequent pairs the one of the lowest key, so that the result does not depend on the map's order. */
function mostFrequent(pairs: Pairs): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const [key, { count }] of pairs) {
    if (count > most || (count === most && key < best!)) [best, most] = [key, count];
  }
  return best;
}

function merge(ids: readonly number[], left: number, right: number, merged: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      result.push(merged);
      i++;
    } else result.push(ids[i]);
  }
  return result;
}
