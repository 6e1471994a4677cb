// The conformance entry: the suite, its cases and what to hand it. No test runner and no Node import here.
export type { ConformanceBackend, ConformanceTarget, KeyFunctions } from "./backend.ts";
export type { Call, Result } from "./call.ts";
export type { CaseContext, CaseKind, ConformanceCase, Needs } from "./case.ts";
export { CASES } from "./cases.ts";
export { ConformanceFailure, type FailureDetails } from "./failure.ts";
export { referenceTarget } from "./reference-target.ts";
export { formatJUnit } from "./report/junit.ts";
export {
  formatFailure,
  formatPretty,
  formatResult,
  formatSummary,
  type Paint,
  type PrettyOptions,
} from "./report/pretty.ts";
export {
  type CaseResult,
  type CaseStatus,
  type ConformanceReport,
  type ConformanceRunner,
  createRunner,
  DEFAULT_SEED,
  type RunOptions,
  runConformance,
} from "./run.ts";
export type { Subject } from "./subject.ts";
