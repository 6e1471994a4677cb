// The upper tail of both precisions, drawn with one key by the reference when the site is built.
import { foldIn, gumbel, key, type Precision } from "@gumbel/core";

/** Variates of each precision, and where the tail begins. */
const CHUNKS = 16;
const CHUNK = 2 ** 18;
const FROM = 11;

/** What is drawn of one precision. */
export interface Tail {
  readonly precision: Precision;
  /** Every variate above `from`, ascending. */
  readonly values: readonly number[];
  readonly distinct: number;
}

declare const data: { readonly from: number; readonly count: number; readonly tails: readonly Tail[] };

export { data };

function tailOf(precision: Precision): Tail {
  const values = Array.from({ length: CHUNKS }, (_, i) =>
    Array.from(gumbel([CHUNK], { key: foldIn(key(1), i), precision }).data).filter((value) => value > FROM),
  )
    .flat()
    .sort((a, b) => a - b);
  return { precision, values, distinct: new Set(values).size };
}

const loader: { load(): typeof data } = {
  load: () => ({ from: FROM, count: CHUNKS * CHUNK, tails: [tailOf("jax"), tailOf("full")] }),
};
export default loader;
