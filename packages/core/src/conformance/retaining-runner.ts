// Runs calls and keeps every tensor alive until it is told to release it, to be looked at later.
import type { NdArray } from "../nd-array.ts";
import type { ConformanceBackend } from "./backend.ts";
import { type Call, type CallOver, runCall, tensorsOf } from "./call.ts";
import { ConformanceFailure } from "./failure.ts";
import { firstDifference } from "./same-data.ts";
import { callOver } from "./subject.ts";

/** Holds every tensor of the calls that it runs until it releases them. */
export interface RetainingRunner {
  /** Moves a call's inputs to the backend, and holds them. */
  upload(call: Call): Promise<CallOver<unknown>>;
  /** Runs a call, and holds its results. */
  run(call: CallOver<unknown>): Promise<readonly unknown[]>;
  /** Checks that a tensor holds these values, to the last bit. */
  expectSame(tensor: unknown, expected: NdArray, call: Call, note: string): Promise<void>;
  /** Checks that a call has left its inputs, options and shape as they were. */
  expectUntouched(uploaded: CallOver<unknown>, call: Call): Promise<void>;
  release(tensors: readonly unknown[]): Promise<void>;
  releaseAll(): Promise<void>;
}

/** Creates a runner that holds nothing yet. */
export function createRetainingRunner(backend: ConformanceBackend<unknown>): RetainingRunner {
  const held = new Set<unknown>();
  return {
    async upload(call) {
      const uploaded = await callOver(call, async (array) => backend.fromArray(array));
      for (const tensor of tensorsOf(uploaded)) held.add(tensor);
      return uploaded;
    },
    async run(call) {
      const tensors = await runCall(backend.sampler, call);
      for (const tensor of tensors) held.add(tensor);
      return tensors;
    },
    async expectSame(tensor, expected, call, note) {
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
    async expectUntouched(uploaded, call) {
      const asked = ({ options, ...rest }: object & { options: unknown }) =>
        JSON.stringify([options, "shape" in rest && rest.shape]);
      if (asked(uploaded) !== asked(call)) {
        throw new ConformanceFailure("LIFE-1", { note: "the call changed its options, key or shape", call });
      }
      const originals = tensorsOf<NdArray>(call);
      for (const [i, tensor] of tensorsOf(uploaded).entries()) {
        await this.expectSame(tensor, originals[i], call, "the call took its input away or changed it");
      }
    },
    async release(tensors) {
      for (const tensor of tensors) {
        if (held.delete(tensor)) await backend.release(tensor);
      }
    },
    releaseAll() {
      return this.release([...held]);
    },
  };
}
