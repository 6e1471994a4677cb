// A call as data: dispatches over named tensors. Programs are made and tested without a GPU, then encoded.
import type { Kernel } from "../shader/kernel.ts";
import type { Params } from "../shader/params.ts";
import type { BufferWindow } from "./bindings.ts";

/** One dispatch. */
export interface Step {
  readonly kernel: Kernel;
  readonly params: Params;
  /** Workgroups in two dimensions. */
  readonly grid: readonly [x: number, y: number];
  /** Where the GPU finds the grid instead: one that an earlier step may have left at zeros. */
  readonly indirect?: { readonly tensor: string; readonly offset: number } | undefined;
  /** Bindings from 1 on; binding 0 holds the params. */
  readonly windows: readonly BufferWindow[];
}

/** The dispatches of a call, in order, each seeing what the earlier ones wrote. */
export interface Program {
  readonly steps: readonly Step[];
  /** Words that the host gives for this call, by the name of the tensor that they become. */
  readonly data: Readonly<Record<string, Uint32Array<ArrayBuffer>>>;
  /** Bytes of each scratch buffer, by name. */
  readonly scratch: Readonly<Record<string, number>>;
}
