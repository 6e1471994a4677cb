// Checks where the rows of a call stand in their replies, and gives each its key.
import { assertInteger, assertKey, describe } from "@gumbel/core/adapter";
import { foldIn, type Key } from "@gumbel/core/shared";
import { isPenalizing } from "./adjust-row.ts";
import { contextKey, isContextRepeated } from "./context-key.ts";
import type { BatchStep, Step, Tokens } from "./options.ts";
import { optionsOf } from "./options-of.ts";
import type { Settings } from "./resolve-options.ts";

/** A checked step of one row. */
export interface ResolvedStep {
  /** The history, where penalties or a watermark read it; else none. */
  readonly tokens: readonly number[];
  readonly promptLength: number;
  /** The key of the draw. */
  readonly key: Key;
}

/** Names of what a step has. */
const STEP_OPTIONS = ["history", "promptLength", "position", "row", "key", "mask"];

/** Reads a step, of one row or of a batch. */
export function stepOf<S extends Step | BatchStep>(of: string, step: S): S {
  return optionsOf(of, step, STEP_OPTIONS);
}

/** Takes a batch apart into one step for each of so many rows. */
export function stepsOfBatch(step: BatchStep, rows: number): Step[] {
  const listed = <T>(
    name: keyof BatchStep,
    value: readonly T[] | null | undefined,
  ): readonly T[] | undefined => {
    if (value == null) return undefined;
    if (!(Array.isArray(value) || ArrayBuffer.isView(value)) || value.length !== rows) {
      throw new RangeError(`${name} must be a list with one of each of ${rows} rows, got ${describe(value)}`);
    }
    return value;
  };
  const history = listed("history", step.history);
  const position = listed("position", step.position);
  const row = listed("row", step.row);
  const lengths =
    typeof step.promptLength === "number" ? undefined : listed("promptLength", step.promptLength);
  const isOneKey = step.key == null || typeof step.key[0] === "number";
  const keys = isOneKey ? undefined : listed("key", step.key as readonly Key[]);
  return Array.from({ length: rows }, (_, r) => ({
    history: history?.[r],
    position: position?.[r],
    row: row?.[r] ?? r,
    promptLength: lengths?.[r] ?? (step.promptLength as number | undefined),
    key: keys?.[r] ?? (step.key as Key | undefined),
  }));
}

/** Checks a step of one row. */
export function resolveStep(step: Step, settings: Settings): ResolvedStep {
  const { watermark } = settings;
  const { history } = step;
  const isRead = watermark !== undefined || isPenalizing(settings);
  if (history == null && isRead) {
    throw new TypeError(`history must be given for ${watermark === undefined ? "penalties" : "a watermark"}`);
  }
  if (history != null) assertTokens(history, "history");
  if (history == null && step.position == null) {
    throw new TypeError("history or position must be given: without one of them every step would draw alike");
  }
  const length = history?.length ?? 0;
  const position = step.position ?? length;
  const row = step.row ?? 0;
  const promptLength = step.promptLength ?? 0;
  assertInteger(position, "position", 0, Number.MAX_SAFE_INTEGER);
  assertInteger(row, "row", 0, Number.MAX_SAFE_INTEGER);
  assertInteger(promptLength, "promptLength", 0, length);
  if (step.key != null) assertKey(step.key, "key");
  const tokens = isRead && history != null ? tokensOf(history, "history") : [];
  // Under a context's key once only: its noise again would repeat what followed before.
  const isMarked = watermark !== undefined && !isContextRepeated(tokens, tokens.length, watermark.context);
  const key = isMarked
    ? contextKey(tokens, tokens.length, watermark)
    : foldIn(foldIn(step.key ?? settings.key, row), position);
  return { tokens, promptLength, key };
}

/** @throws TypeError for what is no list */
function assertTokens(given: Tokens, argument: string): void {
  if (Array.isArray(given) || (ArrayBuffer.isView(given) && "length" in given)) return;
  throw new TypeError(`${argument} must be a list of token ids, got ${describe(given)}`);
}

/**
 * Token ids as numbers.
 * @throws TypeError for what is no list of numbers, RangeError for what is no integer ≥ 0
 */
export function tokensOf(given: Tokens, argument: string): number[] {
  assertTokens(given, argument);
  return Array.from(given as ArrayLike<number | bigint>, (id) => {
    const token = typeof id === "bigint" ? Number(id) : id;
    if (Number.isSafeInteger(token) && token >= 0) return token;
    const message = `${argument} must hold token ids, integers >= 0, got ${describe(id)}`;
    throw typeof token === "number" ? new RangeError(message) : new TypeError(message);
  });
}
