// The results of a run: one schema, from which the types of everything that measures, sends or reports derive.
import * as v from "valibot";

/** Categorical samples with filters, whose settings are in filtered.ts. */
export const FILTERED_OPERATIONS = ["topK", "minP", "topP", "filters"] as const;

/** Operations in the order of reports: samples, their gradient, their noise, and the floors below them. */
export const OPERATIONS = [
  "categorical",
  ...FILTERED_OPERATIONS,
  "gumbelSoftmax",
  "gumbelSoftmaxVjp",
  "gumbel",
  "bits",
  "softmax",
  "read",
] as const;

/** Parts that `--only` can choose, in the order of reports. */
export const FAMILIES = ["wasm", "webgpu", "onnx", "tfjs"] as const;

/** Rows whose filters have little, more and all to do: a few likely categories, thousands, and all alike. */
export const LOGITS = ["zipf", "flat", "equal"] as const;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.gtValue(0));
const nonNegative = v.pipe(v.number(), v.minValue(0));
const text = v.pipe(v.string(), v.nonEmpty());
const environmentId = v.picklist(["node", "dawn", "chromium"]);
const operation = v.picklist(OPERATIONS);
/** `[rows, categories]` of the logits. */
const shape = v.strictTuple([count, count]);

/** First quartile, median, third quartile. */
const spread = v.pipe(
  v.strictTuple([nonNegative, nonNegative, nonNegative]),
  v.check(([low, median, high]) => low <= median && median <= high, "quartiles must be in order"),
);

/** The time of one contestant for one operation at one shape. */
const figure = v.strictObject({
  contestant: text,
  /** Why there are no figures. */
  failed: v.exactOptional(text),
  /** What is wrong with the results at this shape; they are timed all the same. */
  wrong: v.exactOptional(text),
  rounds: v.exactOptional(count),
  /** Nanoseconds of elapsed time per element of the logits. */
  wall: v.exactOptional(spread),
  /** Median of nanoseconds of processor time per element, over all threads of the process (in Chromium: page and GPU process). */
  processor: v.exactOptional(nonNegative),
  /** Elapsed time divided by the baseline's in the same round; the median over rounds. */
  ratio: v.exactOptional(nonNegative),
});

/** Figures of one operation at one shape; ratios refer to the baseline. */
const table = v.strictObject({
  environment: environmentId,
  operation,
  shape,
  /** What the rows are like, where that decides how long an operation takes: of operations with filters. */
  logits: v.exactOptional(v.picklist(LOGITS)),
  baseline: v.string(),
  figures: v.array(figure),
});

const environment = v.strictObject({
  id: environmentId,
  runtime: text,
  /** The WebGPU adapter's description of itself, and whether it is a program: then ratios predict little of real GPUs. */
  gpu: v.exactOptional(text),
  softwareGpu: v.exactOptional(v.boolean()),
  /** Why it did not start, or ended early. */
  absent: v.exactOptional(text),
});

const fault = v.strictObject({ law: text, found: text });

const contestant = v.strictObject({
  /** Unique in the file: `gumbel-wasm`. */
  id: text,
  environment: environmentId,
  name: text,
  family: v.picklist(FAMILIES),
  /** Whether it is one of this repository's packages. */
  ours: v.boolean(),
  /** Package that does the work, and its version; `workspace` for ours. */
  library: text,
  version: text,
  /** The timed calls, in a few words of code; how many laws were checked before, and those that do not hold. */
  operations: v.array(v.strictObject({ operation, how: text, laws: count, faults: v.array(fault) })),
  /** How its samples differ by design from those of all the logits; then its quality is not measured. */
  approximate: v.exactOptional(text),
  /** Why it could not be run; then it has no operations. */
  absent: v.exactOptional(text),
});

/**
 * A stream of a contestant's own Gumbel noise, of `draws` values, in blocks of `vocabulary`: each the noise of one draw from
 * equal logits. In a tied block the largest value occurs more than once: the order of indices decides, not chance. `excess` is
 * the bias towards the lower half of the indices, if the lowest index wins: the mean over blocks of the probability, 1 − 2^−m,
 * that the lowest of m tied indices lies there, minus ½; zero for m = 1. Extremes are of finite values.
 */
const noise = v.strictObject({
  contestant: text,
  draws: count,
  nan: count,
  infinite: count,
  largest: v.number(),
  smallest: v.number(),
  blocks: count,
  tied: count,
  excess: nonNegative,
});

/**
 * How often rare categories are drawn: one category has logit 0, all others −gap. By `draws` of the whole vocabulary, or by the
 * empirical distribution of `values` noise values, which `observed` scales to 100,000 draws; `expected` is the softmax's. Of
 * fewer than about 5 expected chance `events` z, (observed − expected) over its standard deviation, shows nothing.
 */
const tail = v.strictObject({
  contestant: text,
  gap: positive,
  by: v.picklist(["draws", "noise"]),
  draws: count,
  values: v.exactOptional(count),
  observed: nonNegative,
  expected: positive,
  events: positive,
  z: v.number(),
});

/** Draws from equal logits that fall into the lower half of the indices; z is the excess in standard deviations. */
const lowerHalf = v.strictObject({ contestant: text, draws: count, lower: count, z: v.number() });

/** Whether the rows of a batch of equal logits are independent: rows of noise, or indices, that no earlier row equals. */
const rows = v.strictObject({
  contestant: text,
  of: v.picklist(["gumbel", "categorical"]),
  shape,
  distinct: count,
  expected: positive,
});

/** Whether one key or seed gives the same samples elsewhere: `against` is the first contestant of the same stream. */
const reproducibility = v.strictObject({
  group: text,
  contestant: text,
  against: text,
  samples: count,
  equal: count,
});

/** `cores` are logical processors; load averages over 1, 5 and 15 minutes show other programs' work. */
const machine = v.strictObject({
  cpu: text,
  cores: count,
  memoryGiB: nonNegative,
  os: text,
  architecture: text,
  node: text,
  loadBefore: v.array(nonNegative),
  loadAfter: v.array(nonNegative),
});

/** `vocabulary` is the number of categories of `noise` and `lowerHalf`, `tailVocabulary` that of `tails`. */
const quality = v.strictObject({
  vocabulary: count,
  tailVocabulary: count,
  noise: v.array(noise),
  tails: v.array(tail),
  lowerHalf: v.array(lowerHalf),
  rows: v.array(rows),
  reproducibility: v.array(reproducibility),
});

/** A run of `seconds` from `date` on; `schema` is the version of the format, raised when a reader would break. */
const results = v.pipe(
  v.strictObject({
    schema: v.literal(1),
    date: v.pipe(v.string(), v.isoTimestamp()),
    /** Git commit; ends in `-dirty` where files of packages or bench differ from it. */
    commit: text,
    flags: v.array(v.string()),
    /** Whether there were few rounds and draws, so that figures are rough. */
    quick: v.boolean(),
    seconds: nonNegative,
    machine,
    /** Where contestants ran, interleaved in one process; figures are comparable within one environment only. */
    environments: v.array(environment),
    contestants: v.array(contestant),
    tables: v.array(table),
    quality,
  }),
  v.check(
    ({ contestants }) => new Set(contestants.map(({ id }) => id)).size === contestants.length,
    "ids of contestants must be unique",
  ),
  v.check(({ contestants, tables }) => {
    const ids = new Set(contestants.map(({ id }) => id));
    return tables.every(({ figures }) => figures.every((each) => ids.has(each.contestant)));
  }, "figures must be of contestants that are listed"),
);

type Immutable<T> = { readonly [K in keyof T]: Immutable<T[K]> };
type Of<Schema extends v.GenericSchema> = Immutable<v.InferOutput<Schema>>;
export type Results = Of<typeof results>;
export type Environment = Of<typeof environment>;
export type ContestantEntry = Of<typeof contestant>;
export type Table = Of<typeof table>;
export type Figure = Of<typeof figure>;
export type Spread = Of<typeof spread>;
export type Quality = Of<typeof quality>;
export type Fault = Of<typeof fault>;
export type Shape = Of<typeof shape>;
export type EnvironmentId = Environment["id"];
export type Operation = Table["operation"];
export type FilteredOperation = (typeof FILTERED_OPERATIONS)[number];
export type LogitsKind = (typeof LOGITS)[number];
export type Family = ContestantEntry["family"];
export type Machine = Of<typeof machine>;

/** Issues that an error lists: a file of another version would have thousands. */
const LISTED = 10;

/** Checks a value; throws an error that lists the first paths that do not match. */
export function assertResults(value: unknown): asserts value is Results {
  const { issues = [] } = v.safeParse(results, value);
  if (issues.length === 0) return;
  const lines = issues
    .slice(0, LISTED)
    .map((issue) => `${v.getDotPath(issue) ?? "results"}: ${issue.message}`);
  if (issues.length > LISTED) lines.push(`and ${issues.length - LISTED} more`);
  throw new Error(`not a results file: ${lines.join("; ")}`);
}

/** The same results with every fraction rounded to three digits: spreads are wider than a hundredth. Integers are counts, and stay. */
export function rounded(value: Results): Results {
  const round = (_: string, each: unknown) =>
    typeof each === "number" && !Number.isInteger(each) ? Number(each.toPrecision(3)) : each;
  return JSON.parse(JSON.stringify(value, round));
}
