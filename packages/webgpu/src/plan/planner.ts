// Collects the steps of a program: binds tensors by name, adds their bases to the params, and keeps count of scratch.
import { bindingCount, type Kernel } from "../shader/kernel.ts";
import type { Params } from "../shader/params.ts";
import type { TensorBinding } from "../shader/tensors.ts";
import type { ThreadGroup } from "../shader/thread-group.ts";
import { bindTensor, type MemoryLayout } from "./bindings.ts";
import type { GpuFacts } from "./gpu-facts.ts";
import { gridOf } from "./grid.ts";
import type { Program, Step } from "./program.ts";

/** What a kernel of an operation returns: adds the steps of a call to a program. */
export type Plan = (planner: Planner) => void;

/** How a kernel uses a tensor: under which name, standing for which tensor of the call. */
export interface Use {
  readonly name: string;
  readonly access: TensorBinding["access"];
  /** The call's tensor or scratch; default `name`. */
  readonly of?: string;
}

/** What a step works on. */
export interface StepWork {
  readonly uses: readonly Use[];
  readonly params: Params;
  readonly group: ThreadGroup;
  /** Rows of this dispatch, and jobs for each: chunks, or elements. */
  readonly rows: number;
  readonly jobsPerRow: number;
  /** Words of a tensor that the host gives, where the GPU finds the grid: zeros until an earlier step has raised them. */
  readonly indirect?: { readonly tensor: string; readonly word: number };
}

/** A program in the making. */
export interface Planner {
  readonly facts: GpuFacts;
  /** Names a scratch buffer of so many words. */
  scratch(name: string, words: number): void;
  /** Names a tensor of words that the host gives. */
  data(name: string, words: Uint32Array<ArrayBuffer>): void;
  /** Adds a dispatch of the kernel that the bindings ask for, and returns its grid. */
  step(kernelFor: (tensors: readonly TensorBinding[]) => Kernel, work: StepWork): readonly [number, number];
}

/** Most jobs of a dispatch: kernels count them in 32 bits. */
const MOST_JOBS = 2 ** 32 - 1;

/** Makes the program of a plan over the tensors of a call. */
export function programOf(
  plan: Plan,
  facts: GpuFacts,
  tensors: Readonly<Record<string, MemoryLayout>>,
): Program {
  const layouts = new Map(Object.entries(tensors));
  const scratch: Record<string, number> = {};
  const data: Record<string, Uint32Array<ArrayBuffer>> = {};
  const steps: Step[] = [];
  plan({
    facts,
    scratch(name, words) {
      scratch[name] = 4 * words;
      if (4 * words > facts.maxBufferBytes) {
        throw new RangeError(
          `logits need ${4 * words} bytes of scratch memory for this operation, more than the device's ` +
            `maxBufferSize of ${facts.maxBufferBytes}`,
        );
      }
      layouts.set(name, { offset: 0, elements: words, format: "word" });
    },
    data(name, words) {
      data[name] = words;
      layouts.set(name, { offset: 0, elements: words.length, format: "word" });
    },
    step(kernelFor, { uses, params, group, rows, jobsPerRow, indirect }) {
      const bound = uses.map((use) => {
        const tensor = use.of ?? use.name;
        return bindTensor(use, tensor, layouts.get(tensor)!, facts);
      });
      const kernel = kernelFor(bound.map(({ binding }) => binding));
      assertBindable(kernel, facts);
      const jobs = rows * jobsPerRow;
      if (jobs > MOST_JOBS) {
        throw new RangeError(`logits and sampleShape must make fewer than 2^32 parts of work, got ${jobs}`);
      }
      const workgroups = group.kind === "single-thread" ? Math.ceil(jobs / group.workgroupSize) : jobs;
      const bases = Object.fromEntries(bound.map(({ binding, base }) => [`${binding.name}_base`, base]));
      const grid = gridOf(workgroups, facts.maxWorkgroupsPerDimension);
      steps.push({
        kernel,
        params: [params, bases, { rows, jobs }],
        grid,
        indirect: indirect && { tensor: indirect.tensor, offset: 4 * indirect.word },
        windows: bound.flatMap(({ windows }) => windows),
      });
      return grid;
    },
  });
  return { steps, scratch, data };
}

function assertBindable(kernel: Kernel, { maxStorageBindings, maxBindingBytes }: GpuFacts): void {
  if (bindingCount(kernel) <= maxStorageBindings) return;
  const largest = kernel.tensors.reduce((most, tensor) => (tensor.pieces > most.pieces ? tensor : most));
  throw new RangeError(
    `${largest.name} is too large for this device: in pieces of maxStorageBufferBindingSize (${maxBindingBytes} bytes) ` +
      `the operation takes ${bindingCount(kernel)} storage bindings, and maxStorageBuffersPerShaderStage is ` +
      `${maxStorageBindings}. Request a device with higher limits`,
  );
}
