// What a contestant is: something that samples from logits over and over, in Node or in a page. Environment-neutral.
import type { ContestantEntry, Operation, Shape } from "./results.ts";

/** The inputs of an operation. Read-only. */
export interface Inputs {
  readonly shape: Shape;
  readonly logits: Float32Array<ArrayBuffer>;
  /** Gradient with respect to the soft sample; of the shape of the logits. */
  readonly cotangent: Float32Array<ArrayBuffer>;
}

/** An operation at one shape, ready to run: compiled, with its inputs uploaded. */
export interface Ready {
  /** Starts `times` runs, each with the key after the last run's: run 0 has key 0. */
  queue(times: number): void | Promise<void>;
  /** Resolves when everything that was queued has been computed. */
  done(): unknown;
  /** Values of the last run, row-major; left out where there is nothing to check. */
  result?(): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Processor milliseconds so far, where another process than the environment's does the work. */
  processor?(): Promise<number>;
  dispose(): void | Promise<void>;
}

/** A contestant's implementation of an operation: the timed calls, in a few words of code, and how to make them ready. */
export interface Entry {
  readonly how: string;
  /** Rejects where the contestant does not support the shape. */
  prepare(inputs: Inputs): Promise<Ready>;
}

type About = Pick<ContestantEntry, "id" | "name" | "family" | "library" | "approximate" | "absent">;

/** A contestant. One that is `absent`, with the reason, has no operations. */
export interface Contestant extends About {
  /** The version of a library that is not an npm package. */
  readonly version?: string;
  readonly operations: Partial<Readonly<Record<Operation, Entry>>>;
  /** Contestants of one stream claim to draw the same samples for the same key or seed. */
  readonly stream?: string;
  /** Whether the float64 reference defines its results, so that they can be compared with it. */
  readonly conforms?: boolean;
}

/** How to start the contestants of a library; they are absent, with the error as reason, where `start` rejects. */
export interface Start extends Pick<About, "id" | "family" | "library"> {
  start(): Promise<readonly Contestant[]>;
}

export function startOf(id: string, family: About["family"], library: string, start: Start["start"]): Start {
  return { id, family, library, start };
}

/** Entries of a table of timed calls in words, which all become ready in the same way. */
export function entriesOf<Name extends Operation>(
  hows: Readonly<Record<Name, string>>,
  prepare: (operation: Name, inputs: Inputs) => Promise<Ready>,
): Contestant["operations"] {
  const entries = Object.entries<string>(hows).map(([name, how]) => [
    name,
    { how, prepare: (inputs: Inputs) => prepare(name as Name, inputs) },
  ]);
  return Object.fromEntries(entries);
}

/** How a contestant computes one result at a time. */
export interface Runs<R> {
  /** Computes the result of run 0, 1, 2, … */
  readonly run: (index: number) => R | Promise<R>;
  readonly read: (last: R) => ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Called before a turn: selects the backend, where that is global. */
  readonly begin?: () => unknown;
  /** Waits until a result has been computed; left out where `run` computes it. */
  readonly finish?: (last: R) => unknown;
  /** Releases a result; `dispose` releases the inputs. */
  readonly release?: (result: R) => void;
  readonly dispose?: () => void | Promise<void>;
}

/** Runs one after another. The last result is kept, so that no engine can skip the work. */
export function repeat<R>({ run, read, begin, finish, release, dispose }: Runs<R>): Ready {
  let index = 0;
  let last: { result: R } | undefined;
  return {
    async queue(times) {
      await begin?.();
      for (let i = 0; i < times; i++) {
        const made = run(index++);
        // Awaited only where it is a promise: an await costs as much as a small run.
        const result = made instanceof Promise ? await made : made;
        if (last !== undefined) release?.(last.result);
        last = { result };
      }
    },
    done: () => finish?.(last!.result),
    result: () => read(last!.result),
    async dispose() {
      await begin?.();
      if (last !== undefined) release?.(last.result);
      await dispose?.();
    },
  };
}

/** Milliseconds after which no further run starts, unless there are fewer values than `least`; `most` are always enough. */
export type StreamOptions = Readonly<Record<"budget" | "least" | "most", number>>;

/** Results of successive runs; without options it never ends. A result is valid until the next one. */
export async function* resultsOf(
  entry: Entry,
  inputs: Inputs,
  { budget, least, most }: StreamOptions = { budget: Infinity, least: 0, most: Infinity },
): AsyncGenerator<ArrayLike<number>, void> {
  const ready = await entry.prepare(inputs);
  try {
    const start = performance.now();
    for (let values = 0; values < most; ) {
      if (values >= Math.max(1, least) && performance.now() - start >= budget) break;
      await ready.queue(1);
      await ready.done();
      const result = (await ready.result?.()) ?? [];
      values += result.length;
      yield result;
    }
  } finally {
    await ready.dispose();
  }
}

/** A copy of the first run's result. */
export async function firstResult(entry: Entry, inputs: Inputs): Promise<number[]> {
  for await (const result of resultsOf(entry, inputs)) return Array.from(result);
  return [];
}
