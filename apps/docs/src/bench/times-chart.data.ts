// Medians of the bench's last run, for charts: what the committed results hold of the operations that have one.

import type { EnvironmentId, Operation, Results } from "@gumbel-tools/bench/results";
import results from "@gumbel-tools/bench/results/results.json" with { type: "json" };

const CHARTED: readonly Operation[] = ["categorical", "gumbelSoftmax", "gumbelSoftmaxVjp", "gumbel"];

/** One contestant on a chart. */
export interface ChartRow {
  readonly name: string;
  readonly ours: boolean;
  /** Whether the bench found its results wrong. */
  readonly wrong: boolean;
  /** Median of nanoseconds per element for each shape of the chart; null where it did not run. */
  readonly medians: readonly (number | null)[];
}

/** Times of one operation in one environment. */
export interface TimesChart {
  readonly environment: EnvironmentId;
  readonly operation: Operation;
  readonly shapes: readonly string[];
  readonly rows: readonly ChartRow[];
}

declare const data: readonly TimesChart[];

export { data };

function chartOf(environment: EnvironmentId, operation: Operation): TimesChart[] {
  const { contestants, tables } = results as unknown as Results;
  const ours = tables.filter((table) => table.environment === environment && table.operation === operation);
  if (ours.length === 0) return [];
  const ids = [...new Set(ours.flatMap(({ figures }) => figures.map(({ contestant }) => contestant)))];
  const rows = ids.flatMap((id) => {
    const contestant = contestants.find((each) => each.id === id);
    if (contestant === undefined) return [];
    const faults = contestant.operations.find((each) => each.operation === operation)?.faults ?? [];
    const medians = ours.map(
      ({ figures }) => figures.find((each) => each.contestant === id)?.wall?.[1] ?? null,
    );
    return [{ name: contestant.name, ours: contestant.ours, wrong: faults.length > 0, medians }];
  });
  return [{ environment, operation, shapes: ours.map(({ shape }) => `[${shape.join(", ")}]`), rows }];
}

const loader: { load(): TimesChart[] } = {
  load: () =>
    (["node", "chromium"] as const).flatMap((environment) =>
      CHARTED.flatMap((operation) => chartOf(environment, operation)),
    ),
};
export default loader;
