// The rows of the filters page: names and logits of their categories.
import nextToken from "../../data/next-token.json" with { type: "json" };

/** A row of logits. */
export interface Distribution {
  readonly id: string;
  readonly name: string;
  /** What to notice about it. */
  readonly about: string;
  /** A name for each category. */
  readonly names: readonly string[];
  readonly logits: readonly number[];
}

const numbered = (n: number) => Array.from({ length: n }, (_, i) => `token ${i}`);
const rounded = (value: number) => Number(value.toFixed(3));

/** n quantiles of a logistic distribution that is nearly the standard normal one, the largest first. */
function nearlyNormal(n: number): number[] {
  return Array.from({ length: n }, (_, i) => rounded(Math.log((n - i - 0.5) / (i + 0.5)) / 1.702));
}

/** All rows but the reader's own. */
export const DISTRIBUTIONS: readonly Distribution[] = [
  {
    id: "next-token",
    name: `a language model, after "${nextToken.prompt}"`,
    about: `The logits of all ${nextToken.tokens.length.toLocaleString("en")} tokens that a small model of Moby-Dick gives after "${nextToken.prompt}". A space in front of a word belongs to its token, and is shown as ␣.`,
    names: nextToken.tokens.map(visible),
    logits: nextToken.logits,
  },
  {
    id: "peaked",
    name: "peaked: one likely token",
    about: "One token of logit 6 beside 99 between 2 and −2: the model is sure.",
    names: numbered(100),
    logits: [6, ...Array.from({ length: 99 }, (_, i) => rounded(2 - (4 * i) / 98))],
  },
  {
    id: "zipf",
    name: "Zipf's law: a long tail",
    about: "500 tokens, the r-th with a probability in proportion to 1/r, as words have in texts.",
    names: numbered(500),
    logits: Array.from({ length: 500 }, (_, i) => rounded(-Math.log(i + 1))),
  },
  {
    id: "flat",
    name: "flat: many alike",
    about: "200 tokens whose logits are nearly normal with a deviation of 1: nothing stands out.",
    names: numbered(200),
    logits: nearlyNormal(200),
  },
  {
    id: "equal",
    name: "all equal",
    about: "50 tokens of the same logit. Ties rank by index, so that top-k keeps exactly k.",
    names: numbered(50),
    logits: Array(50).fill(0),
  },
];

/** The most categories that the reader's own row may have: a table and a [n, n] call are made of it. */
const MOST = 200;

/**
 * A row that the reader wrote: numbers with commas, spaces or lines between them, `-inf` for a masked category.
 *
 * @throws RangeError that says what is wrong
 */
export function distributionOf(text: string): Distribution {
  const words = text.split(/[\s,;[\]]+/).filter((word) => word !== "");
  if (words.length === 0) throw new RangeError("Write at least one logit, such as 2, 1, 0.5, 0, -inf.");
  if (words.length > MOST) throw new RangeError(`At most ${MOST} logits here, got ${words.length}.`);
  const logits = words.map(numberOf);
  return { id: "own", name: "your own", about: "", names: numbered(logits.length), logits };
}

function numberOf(word: string, place: number): number {
  const plain = word.replace("−", "-").toLowerCase();
  if (/^-(inf(inity)?|∞)$/.test(plain)) return Number.NEGATIVE_INFINITY;
  if (/^\+?(inf(inity)?|∞)$/.test(plain)) return Number.POSITIVE_INFINITY;
  const value = plain === "nan" ? Number.NaN : Number(plain);
  if (Number.isNaN(value) && plain !== "nan")
    throw new RangeError(`"${word}", the logit of token ${place}, is not a number.`);
  return value;
}

/** A token as one sees it: spaces in front and control characters have a sign. */
function visible(token: string): string {
  return token
    .replaceAll(" ", "␣")
    .replaceAll(/\p{Cc}/gu, (letter) => `U+${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
