// Zeros, for a gradient summed over no samples: a compute pass cannot clear a buffer otherwise.
import type { Plan } from "../plan/planner.ts";
import { singleThread } from "../plan/row-plan.ts";
import { createKernel } from "../shader/kernel.ts";
import { entryWgsl } from "../shader/thread-group.ts";

/** @param name the tensor to clear */
export function planClear(name: string, elements: number): Plan {
  return (planner) => {
    const group = singleThread(planner.facts);
    const functions = [entryWgsl(group), "fn work(job: Job) { store_output(job.row, 0u); }\n"];
    planner.step((bound) => createKernel("clear", {}, bound, () => ({ functions })), {
      uses: [{ name: "output", access: "read_write", of: name }],
      params: {},
      group,
      rows: elements,
      jobsPerRow: 1,
    });
  };
}
