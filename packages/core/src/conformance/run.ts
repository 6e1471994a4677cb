// Runs cases on a backend, one after the other, and collects a report. Knows no test runner.
import type { Precision } from "../random/noise.ts";
import type { ConformanceBackend, ConformanceTarget } from "./backend.ts";
import { drawsNoise } from "./call.ts";
import type { CaseContext, CaseKind, ConformanceCase } from "./case.ts";
import { CASES } from "./cases.ts";
import { ConformanceFailure } from "./failure.ts";
import { createSubject } from "./subject.ts";

/** Seed of the property cases unless a run names another. */
export const DEFAULT_SEED = 20_260_101;

/** Milliseconds that a case may take unless a run says otherwise: the largest takes seconds on a CPU. */
const DEFAULT_TIMEOUT = 300_000;

/** How a run of the suite goes. */
export interface RunOptions {
  /** Fewer random inputs and smaller tensors: seconds instead of a minute. Default false. */
  readonly quick?: boolean | undefined;
  /** How many random inputs a property tries at most: a positive integer. Default what it asks for, up to 200, quick 60. */
  readonly numRuns?: number | undefined;
  /** Which cases run; default all. A case outside is not in the report. */
  readonly filter?: ((test: ConformanceCase) => boolean) | undefined;
  /** Seed of the property cases; default {@link DEFAULT_SEED}. */
  readonly seed?: number | undefined;
  /** fast-check path to start from: replays one counterexample. Sensible with a filter for one case only. */
  readonly path?: string | undefined;
  /** Milliseconds that one case may take; default 300,000, where the largest case takes seconds on a CPU. A backend may hang where it should fail. */
  readonly timeout?: number | undefined;
  /** Called after each case. */
  readonly onResult?: ((result: CaseResult, done: number, total: number) => void) | undefined;
}

/** What came of a case. A known failure that passes is `"unexpected-pass"`, and counts as a failure. */
export type CaseStatus = "passed" | "failed" | "skipped" | "known-failure" | "unexpected-pass";

/** Outcome of one case. */
export interface CaseResult {
  /** Id of the case, `topic/name`. */
  readonly id: string;
  /** How the case looks for faults. */
  readonly kind: CaseKind;
  /** The law, as one sentence. */
  readonly title: string;
  /** Clauses that the case can find broken. */
  readonly clauses: readonly string[];
  /** What came of it. */
  readonly status: CaseStatus;
  /** Why it was skipped, or why it is known to fail. */
  readonly reason?: string;
  /** What went wrong, where something did. */
  readonly failure?: {
    /** The clause that is broken; that of the case where something else than a clause went wrong. */
    readonly clause: string;
    /** The clause, the call, and the first element that differs, in lines. */
    readonly message: string;
    /** Options of `gumbel-conformance` that run this case again, from this counterexample. */
    readonly replay: string;
  };
  /** How long it took. */
  readonly milliseconds: number;
}

/** Outcome of a run. */
export interface ConformanceReport {
  /** Name of the backend. */
  readonly backend: string;
  /** Whether it was a quick run. */
  readonly quick: boolean;
  /** Seed of the property cases. */
  readonly seed: number;
  /** How long all of it took. */
  readonly milliseconds: number;
  /** How many cases came to each end. */
  readonly counts: Readonly<Record<CaseStatus, number>>;
  /** Whether nothing failed and nothing known to fail passed. */
  readonly conforms: boolean;
  /** The cases, in the order of the suite. */
  readonly results: readonly CaseResult[];
}

/** A backend with the suite at hand: runs one case at a time. */
export interface ConformanceRunner {
  /** Name of the backend. */
  readonly backend: string;
  /** Runs one case. A failure is a result, never a rejection. */
  run(test: ConformanceCase): Promise<CaseResult>;
  /** Disposes the backend. */
  close(): Promise<void>;
}

/** Creates a backend and makes it ready for cases; for bindings to test runners. */
export async function createRunner<T>(
  target: ConformanceTarget<T>,
  options: Pick<RunOptions, "quick" | "numRuns" | "seed" | "path" | "timeout"> = {},
): Promise<ConformanceRunner> {
  const { quick = false, numRuns, seed = DEFAULT_SEED, path, timeout = DEFAULT_TIMEOUT } = options;
  const { knownFailures = {} } = target;
  assertKnownFailures(knownFailures);
  if (numRuns !== undefined && !(Number.isSafeInteger(numRuns) && numRuns > 0))
    throw new RangeError(`numRuns must be a positive integer, got ${numRuns}`);
  const backend = await target.create();
  assertBackend(backend);
  const context: CaseContext = {
    subject: createSubject(backend),
    backend: backend as ConformanceBackend<unknown>,
    create: async () => (await target.create()) as ConformanceBackend<unknown>,
    quick,
    numRuns,
    seed,
    path,
  };
  return {
    backend: backend.sampler.backend,
    run: (test) => runCase(test, context, timeout, knownFailures[test.id]),
    close: async () => backend.dispose?.(),
  };
}

/** Runs the suite on a target. Rejects only when the backend cannot be created or disposed. */
export async function runConformance<T>(
  target: ConformanceTarget<T>,
  options: RunOptions = {},
): Promise<ConformanceReport> {
  const { quick = false, filter = () => true, seed = DEFAULT_SEED, onResult } = options;
  const cases = CASES.filter(filter);
  const started = Date.now();
  const runner = await createRunner(target, options);
  const results: CaseResult[] = [];
  try {
    for (const test of cases) {
      const result = await runner.run(test);
      results.push(result);
      onResult?.(result, results.length, cases.length);
      // Lets a page paint and an interrupt through, also when a backend answers synchronously.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  } finally {
    await runner.close();
  }
  const counts = { passed: 0, failed: 0, skipped: 0, "known-failure": 0, "unexpected-pass": 0 };
  for (const { status } of results) counts[status]++;
  return {
    backend: runner.backend,
    quick,
    seed,
    milliseconds: Date.now() - started,
    counts,
    conforms: counts.failed + counts["unexpected-pass"] === 0,
    results,
  };
}

async function runCase(
  test: ConformanceCase,
  context: CaseContext,
  timeout: number,
  knownFailure: string | undefined,
): Promise<CaseResult> {
  const { id, kind, title, clauses } = test;
  const started = Date.now();
  const outcome = (rest: Pick<CaseResult, "status" | "reason" | "failure">): CaseResult => ({
    ...{ id, kind, title, clauses },
    ...rest,
    milliseconds: Date.now() - started,
  });
  const lack = lackOf(test, context.backend);
  if (lack !== undefined) return outcome({ status: "skipped", reason: lack });
  try {
    await within(timeout, test.run(context));
  } catch (thrown) {
    const error = thrown instanceof ConformanceFailure ? thrown.asOneOf(test.clauses) : thrown;
    const failure = {
      clause: error instanceof ConformanceFailure ? error.clause : test.clauses[0],
      message: messageOf(error),
      replay: replayOf(test, context, error),
    };
    if (knownFailure !== undefined)
      return outcome({ status: "known-failure", reason: knownFailure, failure });
    return outcome({ status: "failed", failure });
  }
  return knownFailure === undefined
    ? outcome({ status: "passed" })
    : outcome({ status: "unexpected-pass", reason: `known to fail: ${knownFailure}` });
}

/** Rejects when the work takes longer; what has been started goes on unheard. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `the case did not finish in ${milliseconds / 1000} s: the backend hangs, or is very slow`;
    timer = setTimeout(() => reject(new Error(message)), milliseconds);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a backend declares to lack of what a case needs, in words, or undefined. */
function lackOf({ needs = {} }: ConformanceCase, backend: ConformanceBackend<unknown>): string | undefined {
  const { operations, precisions, sharding, logarithms, filters = [], perRow } = backend.sampler.capabilities;
  const { estimators = [] } = backend.sampler.capabilities;
  const missing = needs.operations?.find((operation) => !operations.includes(operation));
  if (missing !== undefined) return `the backend declares no ${missing}`;
  const precise = needs.precisions ?? (needs.operations?.some(drawsNoise) ? ["full"] : []);
  const imprecise = precise.find((precision) => !precisions.includes(precision as Precision));
  if (imprecise !== undefined) return `the backend declares no precision ${imprecise}`;
  const filter = needs.filters?.find((name) => !filters.includes(name));
  if (filter !== undefined) return `the backend declares no filter ${filter}`;
  if (needs.perRow === true && perRow !== true) return "the backend declares no values by row";
  const estimator = needs.estimators?.find((name) => !estimators.includes(name));
  if (estimator !== undefined) return `the backend declares no estimator ${estimator}`;
  if (needs.logarithms === true && !logarithms) return "the backend declares no logarithms";
  if (needs.sharding === true && !sharding) return "the backend declares no sharding";
  if (needs.counting === true && backend.liveTensors === undefined)
    return "the backend cannot count its tensors";
  if (needs.dispose === true && backend.sampler.dispose === undefined)
    return "the sampler has nothing to dispose";
  return undefined;
}

function messageOf(error: unknown): string {
  if (error instanceof ConformanceFailure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function replayOf(test: ConformanceCase, { quick, seed }: CaseContext, error: unknown): string {
  const found = error instanceof ConformanceFailure ? error.replay : undefined;
  const at = found === undefined ? ` --seed ${seed}` : ` --seed ${found.seed} --path ${found.path}`;
  return `--case ${test.id}${quick ? " --quick" : ""}${test.kind === "property" ? at : ""}`;
}

/** What the runner itself reads of a backend must be there: without it each case would fail in its own odd way. */
function assertBackend(backend: ConformanceBackend<unknown>): void {
  const missing = (["fromArray", "toArray", "release"] as const).find(
    (name) => typeof backend?.[name] !== "function",
  );
  if (missing !== undefined) throw new TypeError(`create() must give a backend with ${missing}()`);
  const { sampler } = backend;
  const { operations, precisions } = sampler?.capabilities ?? {};
  if (Array.isArray(operations) && operations.length === 0)
    throw new TypeError("the sampler declares no operation: there is nothing to certify");
  if (!Array.isArray(operations) || !Array.isArray(precisions)) {
    throw new TypeError(
      "create() must give a backend with a sampler, whose capabilities name its operations and precisions",
    );
  }
}

function assertKnownFailures(knownFailures: Readonly<Record<string, string>>): void {
  const ids = new Set(CASES.map(({ id }) => id));
  const unknown = Object.keys(knownFailures).find((id) => !ids.has(id));
  if (unknown !== undefined)
    throw new RangeError(`knownFailures names ${unknown}, which is no case of the suite`);
}
