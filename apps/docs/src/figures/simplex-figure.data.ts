// Soft samples over three categories at several temperatures, drawn by the reference when the site is built: paths of an SVG.
import { categorical, gumbelSoftmax, key } from "@gumbel/core";

const LOGITS = { data: [1, 0.5, 0], shape: [3] };
const TEMPERATURES = [2, 0.7, 0.2];
const COUNT = 600;
const KEY = 42;

/** Corners of the triangle, y down, in units of the picture. */
const CORNERS = [
  [0, 520],
  [600, 520],
  [300, 0],
] as const;

/** Samples at one temperature. */
export interface SimplexFigure {
  readonly temperature: number;
  /** For each category the samples that are nearest to its corner, as a path of points. */
  readonly paths: readonly string[];
  /** How many samples are nearest to each corner. */
  readonly counts: readonly number[];
}

declare const data: { readonly count: number; readonly figures: readonly SimplexFigure[] };

export { data };

function figureOf(temperature: number): SimplexFigure {
  const options = { key: key(KEY), sampleShape: [COUNT] };
  const { data: soft } = gumbelSoftmax(LOGITS, { ...options, temperature });
  const chosen = Array.from(categorical(LOGITS, options).data);
  const points = chosen.map((_, row) =>
    [0, 1].map((axis) =>
      Math.round(CORNERS.reduce((sum, corner, i) => sum + soft[3 * row + i] * corner[axis], 0)),
    ),
  );
  const ofCategory = <T>(category: number, of: readonly T[]) =>
    of.filter((_, row) => chosen[row] === category);
  return {
    temperature,
    paths: [0, 1, 2].map((category) =>
      ofCategory(category, points)
        .map(([x, y]) => `M${x} ${y}h0`)
        .join(""),
    ),
    counts: [0, 1, 2].map((category) => ofCategory(category, chosen).length),
  };
}

const loader: { load(): typeof data } = {
  load: () => ({ count: COUNT, figures: TEMPERATURES.map(figureOf) }),
};
export default loader;
