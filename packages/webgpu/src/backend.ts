// The sampler's backend: uploads arrays, plans a call over its tensors, submits the program, reads results back for arrays.
import { type Job, type StagedBackend, sizeOf, type TensorSpec } from "@gumbel/core/adapter";
import type { GpuSession } from "./device/gpu-session.ts";
import { type PlacedBuffer, placeBuffer } from "./device/place-buffer.ts";
import { FILTERS } from "./kernels/filters/plan-filters.ts";
import { kernels } from "./kernels/index.ts";
import type { MemoryLayout } from "./plan/bindings.ts";
import { type Plan, programOf } from "./plan/planner.ts";
import {
  type AnyTensor,
  type GpuTensor,
  HOST_ARRAYS,
  type HostTensor,
  hostTensorOf,
  shapeOf,
  TYPE_OF,
  uploadable,
} from "./tensor.ts";

/** Creates the backend on a device in use. */
export function createBackend(
  session: GpuSession,
  dispose: () => void,
): StagedBackend<AnyTensor, "async", AnyTensor, Plan> {
  const { facts } = session.context;

  return {
    name: "webgpu",
    mode: "async",
    filters: FILTERS,
    perRow: true,
    shapeOf,
    valuesOf: (tensor) => hostTensorOf(tensor)?.data,
    kernels,
    zeros(spec, job) {
      session.assertUsable();
      return returnsArrays(job)
        ? { data: new HOST_ARRAYS[TYPE_OF[spec.dtype]](sizeOf(spec.shape)), shape: [...spec.shape] }
        : tensorIn(session.createResult("zeros", bytesOf(spec.shape)), spec);
    },
    async run(start, job) {
      session.assertUsable();
      assertSizes(job, facts.maxBufferBytes);
      const temporary: GPUBuffer[] = [];
      try {
        const inputs: Record<string, PlacedBuffer> = {};
        for (const [name, tensor] of Object.entries(job.inputs)) {
          const { dtype } = job.operation.inputs[name];
          const host = hostTensorOf(tensor);
          const { shape } = host ?? (tensor as GpuTensor);
          const expected = { argument: name, dtype, shape, isOutput: false };
          if (host !== undefined) {
            const { values, type } = uploadable(host.data, dtype);
            const buffer = session.upload(name, values);
            temporary.push(buffer);
            inputs[name] = placeBuffer(expected, { buffer, type });
          } else inputs[name] = placeBuffer(expected, tensor);
        }
        const layouts: Record<string, MemoryLayout> = {};
        const bytes: Record<string, number> = {};
        for (const [name, { shape }] of Object.entries(job.outputs)) {
          layouts[name] = { offset: 0, elements: sizeOf(shape), format: "word" };
          bytes[name] = bytesOf(shape);
        }
        const program = programOf(start(job.inputs), facts, { ...inputs, ...layouts });
        const buffers = await session.submit(program, inputs, bytes, sizesOf(job));
        const results: Record<string, GpuTensor> = {};
        for (const [name, spec] of Object.entries(job.outputs)) results[name] = tensorIn(buffers[name], spec);
        if (!returnsArrays(job)) return results;
        temporary.push(...Object.values(buffers));
        return await readAll(session, results);
      } finally {
        for (const buffer of temporary) buffer.destroy();
      }
    },
    dispose,
  };
}

function tensorIn(buffer: GPUBuffer, { dtype, shape }: TensorSpec): GpuTensor {
  return { buffer, shape: [...shape], type: TYPE_OF[dtype] };
}

async function readAll(
  session: GpuSession,
  results: Readonly<Record<string, GpuTensor>>,
): Promise<Record<string, HostTensor>> {
  const arrays: Record<string, HostTensor> = {};
  const reading = Object.entries(results).map(async ([name, tensor]) => {
    arrays[name] = { data: await session.read(tensor, name), shape: tensor.shape };
  });
  await Promise.all(reading);
  return arrays;
}

/** Results are of the kind of the first input; of none, tensors. */
function returnsArrays({ inputs }: Job<AnyTensor>): boolean {
  const [first] = Object.values(inputs);
  return first !== undefined && hostTensorOf(first) !== undefined;
}

/** A buffer is never empty. */
function bytesOf(shape: readonly number[]): number {
  return 4 * Math.max(1, sizeOf(shape));
}

function assertSizes(job: Job<AnyTensor>, maxBufferBytes: number): void {
  for (const { shape } of Object.values(job.outputs)) {
    if (bytesOf(shape) <= maxBufferBytes) continue;
    throw new RangeError(
      `${sizesOf(job)} must make a result of at most maxBufferSize (${maxBufferBytes} bytes), got ${bytesOf(shape)}`,
    );
  }
}

/** The arguments that decide how large results and scratch are. */
function sizesOf({ inputs }: Job<AnyTensor>): string {
  return "logits" in inputs ? "logits and sampleShape" : "shape";
}
