// Zeros, for sums of no sample: a compute pass cannot clear a buffer otherwise.
import { createKernel, type Kernel } from "./kernel.ts";
import { entryWgsl, type Team } from "./team.ts";
import type { TensorBinding } from "./tensors.ts";

/** Tensors: `output`. A row is an element. */
export function clearKernel(team: Team, tensors: readonly TensorBinding[]): Kernel {
  return createKernel("clear", { team }, tensors, "none", () => ({
    directives: "",
    functions: [entryWgsl(team), "fn work(job: Job) { store_output(job.row, 0u); }\n"],
  }));
}
