// How much a test file runs: everything in a full run (`pnpm test --full`), else what its one line says. In Node and in a browser page.
import { describe } from "vitest";

/** Those options of describeConformance that say how much of the suite runs. */
export interface Effort {
  readonly quick?: boolean;
  readonly numRuns?: number;
  readonly filter?: (test: { readonly id: string }) => boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment: that of the process in Node, and in a page, which has none, what vitest gives of it. */
const environment: Environment =
  (globalThis as { readonly process?: { readonly env: Environment } }).process?.env ?? {};
const page: Environment = (import.meta as ImportMeta & { readonly env?: Environment }).env ?? {};

/** Whether everything is asked for: `--full`, or GUMBEL_TEST_FULL=1 where vitest is started by hand. */
export const isFullRun: boolean = (environment.GUMBEL_TEST_FULL ?? page.GUMBEL_TEST_FULL) === "1";

/**
 * For a backend whose kernels another configuration certifies, or whose certification takes minutes: a quick run of the suite,
 * with a third of its random inputs; the whole suite with `--full`.
 */
export const quickUnlessFull: Effort = isFullRun ? {} : { quick: true, numRuns: 20 };

/** The same on the software GPU, which takes its time for every shape: with fewer inputs still. */
export const quickOnGpuUnlessFull: Effort = isFullRun ? {} : { quick: true, numRuns: 8 };

/** The known answers, and for each operation the case that compares any calls with the reference. */
const SMOKE = /^(bits\/jax|reference\/|noise\/reference)/;

/** For another configuration of such a backend: a few cases on a few inputs; a quick run of the suite with `--full`. */
export const smokeUnlessFull: Effort = isFullRun
  ? { quick: true }
  : { quick: true, numRuns: 8, filter: ({ id }) => SMOKE.test(id) };

/** The title of a test, or of a group, that does less without `--full`: it says so, and the test command repeats it at its end. */
export function shortened(title: string, how: string): string {
  return isFullRun ? title : `${title}: ${how}, whole with --full`;
}

/** A group of tests that run with `--full` alone, and are skipped otherwise: the test command says so at its end. */
export function describeInFull(title: string, tests: () => void): void {
  describe.runIf(isFullRun)(isFullRun ? title : `${title}: only with --full`, tests);
}
