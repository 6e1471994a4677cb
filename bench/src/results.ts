// What a run of the bench writes, as types alone: the pages of the site are built from it. Everything in a results file is
// written by the program; results-schema.ts checks one.

/** A run. Version of the format: `schema`, raised when a reader would break. */
export interface Results {
  readonly schema: 1;
  /** When the run began, ISO 8601. */
  readonly date: string;
  /** Git commit that was measured; `-dirty` at the end where files of packages or bench differed from it. */
  readonly commit: string;
  /** The flags of the run, as typed. */
  readonly flags: readonly string[];
  /** Whether it was a quick run: few rounds and draws, so figures are rough. */
  readonly quick: boolean;
  /** Seconds that it took. */
  readonly seconds: number;
  readonly machine: Machine;
  /** Where contestants ran; figures are comparable within one environment only. */
  readonly environments: readonly Environment[];
  readonly contestants: readonly ContestantEntry[];
  /** One for each environment, operation and shape. */
  readonly tables: readonly Table[];
  readonly quality: Quality;
}

/** The machine. */
export interface Machine {
  readonly cpu: string;
  /** Logical processors. */
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly architecture: string;
  readonly node: string;
  /** Processes that were running or waiting to, averaged over 1, 5 and 15 minutes, before and after: others' work shows here. */
  readonly loadBefore: readonly number[];
  readonly loadAfter: readonly number[];
}

/** Name of an environment. */
export type EnvironmentId = "node" | "chromium";

/** Where contestants ran, interleaved in one process. */
export interface Environment {
  readonly id: EnvironmentId;
  /** `Node 20.20.2`, `Chromium 156.0.…`. */
  readonly runtime: string;
  /** The WebGPU adapter, in its own words. */
  readonly gpu?: string;
  /** Whether the adapter is a program: then ratios say little of real GPUs. */
  readonly softwareGpu?: boolean;
  /** Why it could not be started; then it has no contestants. */
  readonly absent?: string;
}

/** Operations that are measured: samples, their gradient, their noise, and the floors below them. */
export type Operation =
  | "categorical"
  | "gumbelSoftmax"
  | "gumbelSoftmaxVjp"
  | "gumbel"
  | "bits"
  | "softmax"
  | "read";

/** Part of the bench that `--only` can choose. */
export type Family = "wasm" | "webgpu" | "onnx" | "tfjs";

/** Who took part. */
export interface ContestantEntry {
  /** Unique in the file: `gumbel-wasm`. */
  readonly id: string;
  readonly environment: EnvironmentId;
  /** For people: `@gumbel/wasm`. */
  readonly name: string;
  readonly family: Family;
  /** Whether it is one of this repository's packages. */
  readonly ours: boolean;
  /** Package that does the work. */
  readonly library: string;
  /** Its version; `workspace` for ours. */
  readonly version: string;
  readonly operations: readonly OperationEntry[];
  /** In what way its samples are not those of all the logits, on purpose; then it has no quality of its own. */
  readonly approximate?: string;
  /** Why it could not be run; then it has no operations. */
  readonly absent?: string;
}

/** What a contestant does for an operation, and whether its results are right. */
export interface OperationEntry {
  readonly operation: Operation;
  /** The calls that are timed, in a few words of code. */
  readonly how: string;
  /** Laws that its results were held to before anything was timed. */
  readonly laws: number;
  /** Those of them that do not hold. */
  readonly faults: readonly Fault[];
}

/** What is wrong with a contestant. */
export interface Fault {
  /** The law that does not hold: `rows of a batch differ`. */
  readonly law: string;
  /** What was found. */
  readonly found: string;
}

/** Figures of all contestants of an operation at one shape. */
export interface Table {
  readonly environment: EnvironmentId;
  readonly operation: Operation;
  /** `[rows, classes]` of the logits. */
  readonly shape: readonly [rows: number, classes: number];
  /** Contestant that ratios are to. */
  readonly baseline: string;
  readonly figures: readonly Figure[];
}

/** How long a contestant takes. */
export interface Figure {
  /** Id of the contestant. */
  readonly contestant: string;
  /** Why there are no figures. */
  readonly failed?: string;
  /** What is wrong with the results at this shape; they are timed all the same. */
  readonly wrong?: string;
  /** Rounds that the spreads are over. */
  readonly rounds?: number;
  /** Nanoseconds of elapsed time per element of the logits. */
  readonly wall?: Spread;
  /**
   * Median of nanoseconds of processor time per element, of all threads of the process (in Chromium: of its page and its GPU process):
   * hardly touched by what else the machine does.
   */
  readonly processor?: number;
  /** Elapsed time over the baseline's in the same round; the median over rounds. */
  readonly ratio?: number;
}

/** Rounds, summed up: first quartile, median, third quartile. */
export type Spread = readonly [low: number, median: number, high: number];

/** How good the samples are. */
export interface Quality {
  /** Categories of `noise` and `lowerHalf`. */
  readonly vocabulary: number;
  /** Categories of `tails`. */
  readonly tailVocabulary: number;
  readonly noise: readonly NoiseQuality[];
  readonly tails: readonly TailQuality[];
  readonly lowerHalf: readonly LowerHalfQuality[];
  readonly rows: readonly RowQuality[];
  readonly reproducibility: readonly Reproducibility[];
}

/** What a stream of a contestant's own Gumbel noise is like. */
export interface NoiseQuality {
  readonly contestant: string;
  /** Noise values that were looked at. */
  readonly draws: number;
  readonly nan: number;
  readonly infinite: number;
  /** Largest and smallest finite value. The noise's distribution has no bound. */
  readonly largest: number;
  readonly smallest: number;
  /** Blocks of `vocabulary` values, each the noise of one draw from equal logits. */
  readonly blocks: number;
  /** Blocks whose largest value came up more than once: who wins is then a matter of order, not of chance. */
  readonly tied: number;
  /**
   * By how much ties favour the lower half of the indices, when the lowest index wins a tie: the mean over blocks of the
   * probability, 1 − 2^−m, that the lowest of m tied indices lies there, less ½. Zero for m = 1.
   */
  readonly excess: number;
}

/** How often a contestant draws rare categories: one category has logit 0, all others have logit −gap. */
export interface TailQuality {
  readonly contestant: string;
  readonly gap: number;
  /**
   * `draws`: so many samples were drawn from the whole vocabulary. `noise`: a stream of the contestant's noise was looked at
   * instead, and `observed` is what its empirical distribution gives for 100,000 draws.
   */
  readonly by: "draws" | "noise";
  /** Samples; with `noise`, the 100,000 that `observed` is scaled to. */
  readonly draws: number;
  /** Noise values that `noise` looked at. */
  readonly values?: number;
  /** Samples that were another category than the likely one. */
  readonly observed: number;
  /** The same by the softmax of the logits. */
  readonly expected: number;
  /** Chance events that are expected behind the figure: below about 5 nothing can be said. */
  readonly events: number;
  /** (observed − expected) over its standard deviation. */
  readonly z: number;
}

/** Which half of equal logits samples fall into. */
export interface LowerHalfQuality {
  readonly contestant: string;
  readonly draws: number;
  /** Samples in the lower half of the indices. */
  readonly lower: number;
  /** Excess over ½ in standard deviations. */
  readonly z: number;
}

/** Whether the rows of a batch are samples of their own. All rows have equal logits. */
export interface RowQuality {
  readonly contestant: string;
  /** What was compared: whole rows of noise, or indices. */
  readonly of: "gumbel" | "categorical";
  readonly shape: readonly [rows: number, classes: number];
  /** Rows that no earlier row equals. */
  readonly distinct: number;
  /** Expected of independent rows. */
  readonly expected: number;
}

/** Whether one key or seed gives the same samples elsewhere. */
export interface Reproducibility {
  /** What the contestants of a group share: `gumbel`, `jax-js`, … */
  readonly group: string;
  readonly contestant: string;
  /** Contestant that it is compared with: the first of its group. */
  readonly against: string;
  /** Samples that were compared, at shape [4096, 64] with the same logits and keys. */
  readonly samples: number;
  readonly equal: number;
}
