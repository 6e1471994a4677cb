// Token sampling in transformers.js 3 and 4: a logits processor that leaves greedy search one token to find.

import { assertInteger, degeneracyOf, describe } from "@gumbel/core/adapter";
import { DegenerateRowError, type Key } from "@gumbel/core/shared";
import type { LogitsProcessorList, Tensor } from "@huggingface/transformers";
import { isPromise } from "./after.ts";
import { createTokenSampler } from "./create-token-sampler.ts";
import { float32Of } from "./float32-of.ts";
import type { NextToken, TokenSamplerOptions } from "./options.ts";
import { optionsOf } from "./options-of.ts";
import { TOKEN_SAMPLER_OPTIONS } from "./resolve-options.ts";
import { withoutOptions } from "./without-options.ts";

export type * from "./options.ts";

/** Options of {@link createLogitsProcessor}: those of `createTokenSampler`, and what transformers.js does not tell a processor. */
export interface LogitsProcessorOptions extends TokenSamplerOptions<"sync"> {
  /**
   * The model's end tokens. transformers.js goes on until all rows of a batch end at the same step: with this, a row that has
   * ended goes on ending. Needed for batches alone.
   */
  readonly eosTokenId?: number | readonly number[] | null | undefined;
  /**
   * The token with which shorter prompts of a batch are filled up in front. With this they are not counted, so that a prompt's
   * position does not depend on those beside it.
   */
  readonly padTokenId?: number | null | undefined;
}

/** Parameters of `generate`. They switch off what would act on the logits a second time, whatever the model's own configuration. */
export interface GenerateOptions {
  readonly do_sample: false;
  readonly num_beams: 1;
  readonly temperature: 1;
  readonly repetition_penalty: 1;
  readonly logits_processor: LogitsProcessorList;
}

/** A logits processor that picks the next token of each row. */
export interface LogitsProcessor {
  /** Leaves the picked token of each row the only one of highest logit, in place. */
  (inputIds: bigint[][], logits: Tensor): Tensor;
  /** The key of the replies. */
  readonly key: Key;
  /** What the last step picked, for each row: undefined for one that had ended. Of several at a time that of the last call. */
  readonly logProbs: readonly (NextToken | undefined)[];
  /** The same of every step of the last `generate`, in order. */
  readonly steps: readonly (readonly (NextToken | undefined)[])[];
  /** To be spread into the parameters of `generate`. */
  readonly generateOptions: GenerateOptions;
}

/**
 * Creates a logits processor for `generate`, and for pipelines, which pass it on.
 *
 * @throws RangeError or TypeError for a bad option; DegenerateRowError, when it is called, where no token can be picked
 * @example
 * const processor = createLogitsProcessor({ key: key(42), temperature: 0.7, topP: 0.9 });
 * await model.generate({ ...inputs, ...processor.generateOptions });
 */
export function createLogitsProcessor(given: LogitsProcessorOptions = {}): LogitsProcessor {
  const own = ["eosTokenId", "padTokenId"] as const;
  const options = optionsOf("createLogitsProcessor", given, [...TOKEN_SAMPLER_OPTIONS, ...own]);
  const ends = resolveEnds(options.eosTokenId);
  const pad = options.padTokenId ?? undefined;
  if (pad !== undefined) assertInteger(pad, "padTokenId", 0, Number.MAX_SAFE_INTEGER);
  const sampler = createTokenSampler(withoutOptions(options, own) as TokenSamplerOptions<"sync">);
  // One generate() passes one array, whose rows grow; the first call has the prompts. Several may run at a time.
  const runs = new WeakMap<bigint[][], Run>();
  let last: Run | undefined;

  const processor = (ids: bigint[][], logits: Tensor): Tensor => {
    const { rows, length, data } = assertLogitsOf(logits, ids);
    const starts = ids.map((row) => (pad === undefined ? 0 : paddingOf(row, pad)));
    const run = runs.get(ids) ?? { prompts: ids.map((row, r) => row.length - starts[r]), steps: [] };
    runs.set(ids, run);
    last = run;
    const { prompts, steps } = run;
    const open = ids.flatMap((row, r) => (hasEnded(row, starts[r] + prompts[r], ends) ? [] : [r]));
    const values = float32Of(data);
    const picked: (NextToken | undefined)[] = Array(rows).fill(undefined);
    if (open.length > 0) {
      const answer: unknown = sampler.nextBatch(
        { data: rowsOf(values, open, rows, length), shape: [open.length, length] },
        {
          history: open.map((r) => ids[r].slice(starts[r])),
          promptLength: open.map((r) => prompts[r]),
          row: open,
        },
      );
      if (isPromise(answer)) {
        throw new TypeError(
          "sampler must answer at once: transformers.js does not wait for logits processors",
        );
      }
      const tokens = answer as NextToken[];
      for (const [i, r] of open.entries()) picked[r] = tokens[i];
    }
    for (const [r, next] of picked.entries()) {
      const row = data.subarray(r * length, (r + 1) * length);
      if (next?.token === -1) {
        const reason = degeneracyOf(values.subarray(r * length, (r + 1) * length));
        throw new DegenerateRowError(r, reason ?? "nothing that the mask and the bias allow");
      }
      leaveOnly(row, next?.token ?? Number(ids[r][ids[r].length - 1]));
    }
    steps.push(picked);
    return logits;
  };

  return Object.defineProperties(processor as LogitsProcessor, {
    key: { value: sampler.key },
    logProbs: { get: () => last?.steps.at(-1) ?? [] },
    steps: { get: () => last?.steps ?? [] },
    generateOptions: {
      get: () => ({
        do_sample: false,
        num_beams: 1,
        temperature: 1,
        repetition_penalty: 1,
        // A list of its own each time, as Whisper's generate pushes to it. The class would be an import of the whole library.
        logits_processor: [processor],
      }),
    },
  });
}

/** What is known of one `generate`. */
interface Run {
  /** Lengths of the prompts, without their padding. */
  readonly prompts: readonly number[];
  readonly steps: (NextToken | undefined)[][];
}

function resolveEnds(given: LogitsProcessorOptions["eosTokenId"]): ReadonlySet<number> {
  const ends = given == null ? [] : typeof given === "object" ? given : [given];
  for (const end of ends) assertInteger(end, "eosTokenId", 0, Number.MAX_SAFE_INTEGER);
  return new Set(ends);
}

/** Logits of a step, whose values are float32 or float16's bits (transformers.js 3 does not convert those). */
function assertLogitsOf(
  logits: Tensor,
  ids: bigint[][],
): { rows: number; length: number; data: Float32Array | Uint16Array } {
  const { dims, type, data } = logits;
  if (type !== "float32" && type !== "float16") {
    throw new TypeError(`logits must be float32 or float16, got ${type}`);
  }
  if (dims.length !== 2 || dims[0] !== ids.length) {
    throw new RangeError(`logits must have shape [${ids.length}, V], got ${describe(dims)}`);
  }
  return { rows: dims[0], length: dims[1], data: data as Float32Array | Uint16Array };
}

/** The rows that are still open, one after the other: the array itself where all are. */
function rowsOf(values: Float32Array, open: readonly number[], rows: number, length: number): Float32Array {
  if (open.length === rows) return values;
  const data = new Float32Array(open.length * length);
  for (const [i, r] of open.entries()) data.set(values.subarray(r * length, (r + 1) * length), i * length);
  return data;
}

function paddingOf(row: readonly bigint[], pad: number): number {
  const first = row.findIndex((id) => Number(id) !== pad);
  return first < 0 ? row.length : first;
}

function hasEnded(row: readonly bigint[], outputFrom: number, ends: ReadonlySet<number>): boolean {
  return row.length > outputFrom && ends.has(Number(row[row.length - 1]));
}

/**
 * Makes a token the only one of highest logit. Float16 bits that transformers.js 3 compares as integers keep to 0 and 1, whose order
 * is the same either way.
 */
function leaveOnly(row: Float32Array | Uint16Array, token: number): void {
  const isBits = row instanceof Uint16Array;
  row.fill(isBits ? 0 : Number.NEGATIVE_INFINITY);
  row[token] = isBits ? 0x3c00 : 0;
}
