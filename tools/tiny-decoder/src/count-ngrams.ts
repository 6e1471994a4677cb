// Counts an n-gram model with interpolated Kneser–Ney smoothing (Kneser & Ney 1995; Chen & Goodman 1999, section 3.5):
// p(w | c) = max(count(c w) − D, 0)/count(c ·) + λ(c)·p(w | c without its first token), down to the uniform distribution.

/** The contexts of one order, one row each. Row 0 is of contexts that were not seen: λ 1 and nothing else. */
export interface OrderTables {
  /** Tokens of a context: order − 1. */
  readonly contextLength: number;
  /** λ of each row. */
  readonly backoff: Float32Array;
  /** Entries of a row; unused ones add 0 to token 0. */
  readonly width: number;
  /** [rows, width] tokens that followed, most frequent first. */
  readonly tokens: Int32Array;
  /** [rows, width] what they add to the probability. */
  readonly values: Float32Array;
  /** Row of each context that has one, by the context's number: its tokens as digits in base V, the last token lowest. */
  readonly rows: ReadonlyMap<number, number>;
}

/** A counted model. */
export interface NgramModel {
  readonly vocabularySize: number;
  /** Probabilities without a context, [V]. */
  readonly unigrams: Float32Array;
  /** From bigrams on. */
  readonly orders: readonly OrderTables[];
}

/** What is taken off every count: the usual value for one discount. */
const DISCOUNT = 0.75;

/** Contexts of two and more tokens that were seen less often have no row: of most, the only continuation is a quotation. */
const MINIMUM_COUNT = 2;

/** Entries of a row at most, of bigrams and of higher orders; what is left out joins λ. */
const WIDTHS = { bigram: 512, higher: 32 } as const;

/** Counts of tokens by context number. */
type Counts = Map<number, Map<number, number>>;

/**
 * Counts a model.
 *
 * @param sequences token ids of each text. Token 0 is put before and after it
 * @param order n: the model looks back n − 1 tokens; at least 2, and V^(n−1) ≤ 2⁵³
 */
export function countNgrams(
  sequences: readonly (readonly number[])[],
  vocabularySize: number,
  order: number,
): NgramModel {
  if (!Number.isInteger(order) || order < 2 || vocabularySize ** (order - 1) > 2 ** 53) {
    throw new RangeError(`order must be an integer >= 2 with V^(order - 1) <= 2^53, got ${order}`);
  }
  let counts = countHighest(sequences, vocabularySize, order);
  const orders: OrderTables[] = [];
  for (let contextLength = order - 1; contextLength >= 1; contextLength--) {
    orders.unshift(tablesOf(counts, contextLength));
    counts = continuationsOf(counts, vocabularySize ** (contextLength - 1));
  }
  return { vocabularySize, unigrams: unigramsOf(counts.get(0)!, vocabularySize), orders };
}

function countHighest(
  sequences: readonly (readonly number[])[],
  vocabularySize: number,
  order: number,
): Counts {
  const counts: Counts = new Map();
  const size = vocabularySize ** (order - 1);
  for (const sequence of sequences) {
    // Zeros: the start of a text.
    let context = 0;
    for (const token of [...sequence, 0]) {
      add(counts, context, token);
      // A number below V^(order − 1), and products below 2⁵³: the first token is taken off before the shift.
      context = (context % (size / vocabularySize)) * vocabularySize + token;
    }
  }
  return counts;
}

/** Kneser–Ney's counts of a lower order: in how many different contexts of one more token each continuation was seen. */
function continuationsOf(counts: Counts, size: number): Counts {
  const shorter: Counts = new Map();
  for (const [context, followers] of counts) {
    for (const token of followers.keys()) add(shorter, context % size, token);
  }
  return shorter;
}

function add(counts: Counts, context: number, token: number): void {
  let followers = counts.get(context);
  if (followers === undefined) {
    followers = new Map();
    counts.set(context, followers);
  }
  followers.set(token, (followers.get(token) ?? 0) + 1);
}

function tablesOf(counts: Counts, contextLength: number): OrderTables {
  const minimum = contextLength === 1 ? 1 : MINIMUM_COUNT;
  const totalOf = (followers: ReadonlyMap<number, number>) =>
    [...followers.values()].reduce((sum, count) => sum + count, 0);
  const kept = [...counts].filter(([, followers]) => totalOf(followers) >= minimum);
  const longest = kept.reduce((most, [, { size }]) => Math.max(most, size), 1);
  const width = Math.min(longest, contextLength === 1 ? WIDTHS.bigram : WIDTHS.higher);
  const backoff = new Float32Array(kept.length + 1).fill(1);
  const tokens = new Int32Array((kept.length + 1) * width);
  const values = new Float32Array((kept.length + 1) * width);
  const rows = new Map<number, number>();
  kept.forEach(([context, followers], place) => {
    const row = place + 1;
    const total = totalOf(followers);
    rows.set(context, row);
    let rest = 1;
    [...followers]
      .sort(([a, m], [b, n]) => n - m || a - b)
      .slice(0, width)
      .forEach(([token, count], i) => {
        const value = Math.fround((count - DISCOUNT) / total);
        tokens[row * width + i] = token;
        values[row * width + i] = value;
        rest -= value;
      });
    backoff[row] = rest;
  });
  return { contextLength, backoff, width, tokens, values, rows };
}

function unigramsOf(counts: ReadonlyMap<number, number>, vocabularySize: number): Float32Array {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const uniform = (DISCOUNT * counts.size) / total / vocabularySize;
  return Float32Array.from({ length: vocabularySize }, (_, token) => {
    const count = counts.get(token) ?? 0;
    return Math.max(count - DISCOUNT, 0) / total + uniform;
  });
}
