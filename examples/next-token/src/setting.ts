// A temperature and filters, and settings that differ from row to row.
import type { FilterName } from "@gumbel/core";

type NumericFilter = Exclude<FilterName, "mask">;

/** How a token is drawn. */
export interface Setting extends Partial<Record<NumericFilter, number>> {
  readonly temperature: number;
}

/** Values of the filters that do nothing. */
const OFF: Readonly<Record<NumericFilter, number>> = {
  topNSigma: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  typicalP: 1,
  epsilonCutoff: 0,
  etaCutoff: 0,
};

/** Settings of rows as options of one call. */
export function optionsByRow(settings: readonly Setting[]): Record<NumericFilter | "temperature", number[]> {
  const filters = Object.entries(OFF).map(([name, off]) => [
    name,
    settings.map((setting) => setting[name as NumericFilter] ?? off),
  ]);
  return { ...Object.fromEntries(filters), temperature: settings.map(({ temperature }) => temperature) };
}
