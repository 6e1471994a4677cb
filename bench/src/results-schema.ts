// Checks that a file is a results file. The types are in results.ts; the compiler holds the two to each other.
import * as v from "valibot";
import type { Results } from "./results.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.gtValue(0));
const share = v.pipe(v.number(), v.minValue(0));
const text = v.pipe(v.string(), v.nonEmpty());
const environmentId = v.picklist(["node", "chromium"]);
const operation = v.picklist([
  "categorical",
  "gumbelSoftmax",
  "gumbelSoftmaxVjp",
  "gumbel",
  "bits",
  "softmax",
  "read",
]);
const shape = v.strictTuple([count, count]);
const loads = v.array(share);

const spread = v.pipe(
  v.strictTuple([share, share, share]),
  v.check(([low, median, high]) => low <= median && median <= high, "quartiles must be in order"),
);

const figure = v.strictObject({
  contestant: text,
  failed: v.exactOptional(text),
  wrong: v.exactOptional(text),
  rounds: v.exactOptional(count),
  wall: v.exactOptional(spread),
  processor: v.exactOptional(share),
  ratio: v.exactOptional(share),
});

const contestant = v.strictObject({
  id: text,
  environment: environmentId,
  name: text,
  family: v.picklist(["wasm", "webgpu", "onnx", "tfjs"]),
  ours: v.boolean(),
  library: text,
  version: text,
  operations: v.array(
    v.strictObject({
      operation,
      how: text,
      laws: count,
      faults: v.array(v.strictObject({ law: text, found: text })),
    }),
  ),
  approximate: v.exactOptional(text),
  absent: v.exactOptional(text),
});

const quality = v.strictObject({
  vocabulary: count,
  tailVocabulary: count,
  noise: v.array(
    v.strictObject({
      contestant: text,
      draws: count,
      nan: count,
      infinite: count,
      largest: v.number(),
      smallest: v.number(),
      blocks: count,
      tied: count,
      excess: share,
    }),
  ),
  tails: v.array(
    v.strictObject({
      contestant: text,
      gap: positive,
      by: v.picklist(["draws", "noise"]),
      draws: count,
      values: v.exactOptional(count),
      observed: share,
      expected: positive,
      events: positive,
      z: v.number(),
    }),
  ),
  lowerHalf: v.array(v.strictObject({ contestant: text, draws: count, lower: count, z: v.number() })),
  rows: v.array(
    v.strictObject({
      contestant: text,
      of: v.picklist(["gumbel", "categorical"]),
      shape,
      distinct: count,
      expected: positive,
    }),
  ),
  reproducibility: v.array(
    v.strictObject({ group: text, contestant: text, against: text, samples: count, equal: count }),
  ),
});

/** What a results file holds. */
const resultsSchema: v.GenericSchema<unknown, Results> = v.pipe(
  v.strictObject({
    schema: v.literal(1),
    date: v.pipe(v.string(), v.isoTimestamp()),
    commit: text,
    flags: v.array(v.string()),
    quick: v.boolean(),
    seconds: share,
    machine: v.strictObject({
      cpu: text,
      cores: count,
      memoryGiB: share,
      os: text,
      architecture: text,
      node: text,
      loadBefore: loads,
      loadAfter: loads,
    }),
    environments: v.array(
      v.strictObject({
        id: environmentId,
        runtime: text,
        gpu: v.exactOptional(text),
        softwareGpu: v.exactOptional(v.boolean()),
        absent: v.exactOptional(text),
      }),
    ),
    contestants: v.array(contestant),
    tables: v.array(
      v.strictObject({
        environment: environmentId,
        operation,
        shape,
        baseline: v.string(),
        figures: v.array(figure),
      }),
    ),
    quality,
  }),
  v.check(
    ({ contestants }) => new Set(contestants.map(({ id }) => id)).size === contestants.length,
    "ids of contestants must be unique",
  ),
  v.check(({ contestants, tables }) => {
    const ids = new Set(contestants.map(({ id }) => id));
    return tables.every(({ figures }) => figures.every((entry) => ids.has(entry.contestant)));
  }, "figures must be of contestants that are listed"),
);

/** Places that an error names: a file of another version would have thousands. */
const SHOWN = 10;

/**
 * Checks a value.
 *
 * @throws Error naming the first places that are not as they should be
 */
export function assertResults(value: unknown): asserts value is Results {
  const { issues } = v.safeParse(resultsSchema, value);
  if (issues === undefined) return;
  const lines = issues
    .slice(0, SHOWN)
    .map((issue) => `${v.getDotPath(issue as v.BaseIssue<unknown>) ?? "results"}: ${issue.message}`);
  const more = issues.length > SHOWN ? `; and ${issues.length - SHOWN} more` : "";
  throw new Error(`not a results file: ${lines.join("; ")}${more}`);
}
