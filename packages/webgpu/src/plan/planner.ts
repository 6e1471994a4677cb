// Collects the steps of a program: binds tensors by name, adds their bases to the params, and keeps count of scratch.
import { bindingCount, type Kernel } from "../kernels/kernel.ts";
import type { Params } from "../kernels/params.ts";
import type { Team } from "../kernels/team.ts";
import type { TensorBinding } from "../kernels/tensors.ts";
import { boundPlace, type TensorPlace, tensorBinding } from "./bindings.ts";
import type { GpuFacts } from "./gpu-facts.ts";
import type { Program, Step } from "./program.ts";

/** Tensors of a call, by the names that errors use. */
export type TensorPlaces = Readonly<Record<string, TensorPlace>>;

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
  readonly team: Team;
  /** Rows of this dispatch, and jobs for each: chunks, or elements. */
  readonly rows: number;
  readonly jobsPerRow: number;
}

/** A program in the making. */
export interface Planner {
  readonly facts: GpuFacts;
  /** Names a scratch buffer of so many words. */
  scratch(name: string, words: number): void;
  /** Adds a dispatch of the kernel that the bindings ask for. */
  step(kernelFor: (tensors: readonly TensorBinding[]) => Kernel, work: StepWork): void;
  program(): Program;
}

/** Most jobs of a dispatch: kernels count them in 32 bits. */
const MOST_JOBS = 2 ** 32 - 1;

/** Starts a program over the tensors of a call. */
export function createPlanner(facts: GpuFacts, tensors: TensorPlaces): Planner {
  const places = new Map(Object.entries(tensors));
  const scratch: Record<string, number> = {};
  const steps: Step[] = [];
  return {
    facts,
    scratch(name, words) {
      scratch[name] = 4 * words;
      if (4 * words > facts.maxBufferBytes) {
        throw new RangeError(
          `logits need ${4 * words} bytes of scratch memory for this operation, more than the device's ` +
            `maxBufferSize of ${facts.maxBufferBytes}`,
        );
      }
      places.set(name, { offset: 0, elements: words, format: "word" });
    },
    step(kernelFor, { uses, params, team, rows, jobsPerRow }) {
      const bound = uses.map(({ name, access, of = name }) => ({ name, access, of, place: places.get(of)! }));
      const kernel = kernelFor(
        bound.map(({ name, access, place }) => tensorBinding(name, access, place, facts)),
      );
      assertBindable(kernel, facts);
      const jobs = rows * jobsPerRow;
      if (jobs > MOST_JOBS) {
        throw new RangeError(`logits and sampleShape must make fewer than 2^32 parts of work, got ${jobs}`);
      }
      const bases = Object.fromEntries(
        bound.map(({ name, place }) => [`${name}_base`, boundPlace(place, facts).base]),
      );
      steps.push({
        kernel,
        params: { ...params, ...bases, rows, jobs },
        groups: team.kind === "invocation" ? Math.ceil(jobs / team.workgroupSize) : jobs,
        places: Object.fromEntries(bound.map(({ name, of }) => [name, of])),
      });
    },
    program: () => ({ steps, scratch }),
  };
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
