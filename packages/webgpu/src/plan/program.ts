// A call as data: dispatches over named tensors. Plans are made and tested without a GPU, then encoded.
import type { Kernel } from "../kernels/kernel.ts";
import type { Params } from "../kernels/params.ts";

/** One dispatch. */
export interface Step {
  readonly kernel: Kernel;
  readonly params: Params;
  /** Workgroups. */
  readonly groups: number;
  /** For each tensor of the kernel, the call's tensor or the scratch buffer that it stands for. */
  readonly places: Readonly<Record<string, string>>;
}

/** The dispatches of a call, in order, each seeing what the earlier ones wrote. */
export interface Program {
  readonly steps: readonly Step[];
  /** Bytes of each scratch buffer, by name. */
  readonly scratch: Readonly<Record<string, number>>;
}

/** A program of no work: the result has no elements. */
export const EMPTY_PROGRAM: Program = { steps: [], scratch: {} };
