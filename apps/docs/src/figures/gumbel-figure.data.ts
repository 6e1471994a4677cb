// A histogram of Gumbel noise, and the categories that its argmax chooses, drawn by the reference when the site is built.
import { categorical, gumbel, key } from "@gumbel/core";

const DRAWS = 40_000;
const LOGITS = [1.5, 1, 0, -1];
const [FROM, TO, WIDTH] = [-3, 8, 0.25];

/** One category: its share of the draws and its probability. */
export interface Bar {
  readonly at: string;
  /** Share of the draws. */
  readonly drawn: number;
  readonly expected: number;
}

declare const data: {
  readonly draws: number;
  readonly logits: readonly number[];
  /** Left ends of the histogram's bars, their common width, and shares of the draws. */
  readonly noise: {
    readonly from: number;
    readonly to: number;
    readonly width: number;
    readonly shares: readonly number[];
  };
  readonly choices: readonly Bar[];
};

export { data };

function histogram(): number[] {
  const shares = new Array<number>((TO - FROM) / WIDTH).fill(0);
  for (const value of gumbel([DRAWS], { key: key(1) }).data) {
    const bar = Math.floor((value - FROM) / WIDTH);
    if (bar >= 0 && bar < shares.length) shares[bar]! += 1 / DRAWS;
  }
  return shares;
}

function choices(): Bar[] {
  const { data: indices } = categorical(
    { data: LOGITS, shape: [LOGITS.length] },
    { key: key(1), sampleShape: [DRAWS] },
  );
  const total = LOGITS.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return LOGITS.map((logit, i) => ({
    at: "ABCD"[i]!,
    drawn: indices.filter((index) => index === i).length / DRAWS,
    expected: Math.exp(logit) / total,
  }));
}

const loader: { load(): typeof data } = {
  load: () => ({
    draws: DRAWS,
    logits: LOGITS,
    noise: { from: FROM, to: TO, width: WIDTH, shares: histogram() },
    choices: choices(),
  }),
};
export default loader;
