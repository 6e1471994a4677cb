// Runs calls without giving anything back before it is told to: tensors stay alive, to be looked at later.
import type { NdArray } from "../nd-array.ts";
import type { ConformanceBackend } from "./backend.ts";
import { type Call, type CallOver, runCall } from "./call.ts";
import { ConformanceFailure } from "./failure.ts";
import { firstDifference } from "./same-data.ts";
import { callOver } from "./subject.ts";

/** Hands on a backend: they hold every tensor of the calls that they run until they release it. */
export interface Hands {
  /** Moves a call's inputs to the backend, and holds them. */
  give(call: Call): Promise<CallOver<unknown>>;
  /** Runs a call, and holds its results. */
  run(given: CallOver<unknown>): Promise<unknown[]>;
  /** Checks that a tensor holds these values, to the last bit. */
  expectSame(tensor: unknown, expected: NdArray, call: Call, note: string): Promise<void>;
  /** Checks that a call has left its inputs, options and shape as they were. */
  expectUntouched(given: CallOver<unknown>, call: Call): Promise<void>;
  release(tensors: readonly unknown[]): Promise<void>;
  releaseAll(): Promise<void>;
}

/** Creates hands that hold nothing yet. */
export function createHands(backend: ConformanceBackend<unknown>): Hands {
  const held = new Set<unknown>();
  return {
    async give(call: Call): Promise<CallOver<unknown>> {
      const given = await callOver(call, async (array) => backend.fromArray(array));
      for (const tensor of tensorsOf(given)) held.add(tensor);
      return given;
    },
    async run(given: CallOver<unknown>): Promise<unknown[]> {
      const { values, indices } = await runCall(backend.sampler, given);
      const tensors = indices === undefined ? [values] : [values, indices];
      for (const tensor of tensors) held.add(tensor);
      return tensors;
    },
    async expectSame(tensor: unknown, expected: NdArray, call: Call, note: string): Promise<void> {
      let got: NdArray;
      try {
        got = await backend.toArray(tensor);
      } catch (error) {
        throw new ConformanceFailure("LIFE-1", { note: `${note}: ${error}`, call });
      }
      const index = firstDifference(expected.data, got.data);
      if (index !== undefined || String(got.shape) !== String(expected.shape)) {
        throw new ConformanceFailure("LIFE-1", { note, call, index });
      }
    },
    async expectUntouched(given: CallOver<unknown>, call: Call): Promise<void> {
      const asked = ({ options, ...rest }: object & { options: unknown }) =>
        JSON.stringify([options, "shape" in rest && rest.shape]);
      if (asked(given) !== asked(call)) {
        throw new ConformanceFailure("LIFE-1", { note: "the call changed its options, key or shape", call });
      }
      for (const [i, tensor] of tensorsOf(given).entries()) {
        const original = (tensorsOf(call) as NdArray[])[i];
        await this.expectSame(tensor, original, call, "the call took its input away or changed it");
      }
    },
    async release(tensors: readonly unknown[]): Promise<void> {
      for (const tensor of tensors) {
        if (held.delete(tensor)) await backend.release(tensor);
      }
    },
    releaseAll(): Promise<void> {
      return this.release([...held]);
    },
  };
}

/** The tensors that a call is given. */
export function tensorsOf(call: object): unknown[] {
  return ["logits", "cotangent"]
    .filter((name) => name in call)
    .map((name) => (call as Record<string, unknown>)[name]);
}
