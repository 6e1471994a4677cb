// Makes an operation ready of a function that makes one result at a time.
import type { Ready } from "../contestant.ts";

/** How one result is made, and what becomes of it. */
export interface Runs<R> {
  /** Makes the result of a run: 0, 1, 2, … */
  readonly run: (index: number) => R | Promise<R>;
  /** Before a turn: chooses the backend, where that is global. */
  readonly begin?: () => unknown;
  /** Waits until a result has been computed; left out where `run` computes it. */
  readonly finish?: (last: R) => unknown;
  readonly read?: (last: R) => ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Releases a result. */
  readonly release?: (result: R) => void;
  /** Releases the inputs. */
  readonly dispose?: () => void | Promise<void>;
}

/** Runs one after another. The last result is kept, so that nothing is computed in vain. */
export function repeat<R>({ run, begin, finish, read, release, dispose }: Runs<R>): Ready {
  let index = 0;
  let last: { result: R } | undefined;
  return {
    async queue(times) {
      await begin?.();
      for (let i = 0; i < times; i++) {
        const made = run(index++);
        // Awaited only where there is something to wait for: an await of its own costs as much as a small run.
        const result = made instanceof Promise ? await made : made;
        if (last !== undefined) release?.(last.result);
        last = { result };
      }
    },
    async done() {
      if (last !== undefined) await finish?.(last.result);
    },
    ...(read === undefined ? {} : { result: () => read(last!.result) }),
    async dispose() {
      await begin?.();
      if (last !== undefined) release?.(last.result);
      last = undefined;
      await dispose?.();
    },
  };
}
