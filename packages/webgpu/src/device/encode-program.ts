// Turns a program into commands of a compute pass.
import { PARAMS_BYTES, packParams } from "../kernels/params.ts";
import { boundPlace, type TensorPlace } from "../plan/bindings.ts";
import type { GpuFacts } from "../plan/gpu-facts.ts";
import { gridOf } from "../plan/grid.ts";
import type { Program } from "../plan/program.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { BUFFER_USAGE } from "./gpu-constants.ts";
import type { Pipelines } from "./pipelines.ts";

/** What encoding needs of a device. */
export interface GpuContext {
  readonly device: GPUDevice;
  readonly facts: GpuFacts;
  readonly pool: BufferPool;
  readonly pipelines: Pipelines;
}

/** A tensor of the call in its buffer. */
export interface PlacedBuffer extends TensorPlace {
  readonly buffer: GPUBuffer;
}

/**
 * Encodes the dispatches of a program.
 *
 * @returns the temporary buffers, to be released to the pool once the commands are submitted
 */
export function encodeProgram(
  { device, facts, pool, pipelines }: GpuContext,
  pass: GPUComputePassEncoder,
  program: Program,
  tensors: Readonly<Record<string, PlacedBuffer>>,
): GPUBuffer[] {
  const temporaries: GPUBuffer[] = [];
  const acquire = (bytes: number, usage: number): GPUBuffer => {
    const buffer = pool.acquire(bytes, usage);
    temporaries.push(buffer);
    return buffer;
  };
  try {
    encodeSteps();
    return temporaries;
  } catch (error) {
    // Nothing that uses them will be submitted.
    for (const buffer of temporaries) pool.release(buffer);
    throw error;
  }

  function encodeSteps(): void {
    const places: Record<string, PlacedBuffer> = { ...tensors };
    for (const [name, bytes] of Object.entries(program.scratch)) {
      const buffer = acquire(bytes, BUFFER_USAGE.STORAGE);
      places[name] = { buffer, offset: 0, elements: bytes / 4, format: "word" };
    }
    for (const { kernel, params, groups, places: names } of program.steps) {
      const pipeline = pipelines.get(kernel);
      const uniform = acquire(PARAMS_BYTES, BUFFER_USAGE.UNIFORM | BUFFER_USAGE.COPY_DST);
      device.queue.writeBuffer(uniform, 0, packParams(params));
      const resources: GPUBufferBinding[] = [{ buffer: uniform, size: PARAMS_BYTES }];
      for (const { name } of kernel.tensors) {
        const place = places[names[name]];
        const { start, bytes, pieces, pieceBytes } = boundPlace(place, facts);
        for (let piece = 0; piece < pieces; piece++) {
          const offset = piece * pieceBytes;
          const size = pieces === 1 ? bytes : Math.min(pieceBytes, bytes - offset);
          resources.push({ buffer: place.buffer, offset: start + offset, size });
        }
      }
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        device.createBindGroup({
          label: `gumbel ${kernel.name}`,
          layout: pipeline.getBindGroupLayout(0),
          entries: resources.map((resource, binding) => ({ binding, resource })),
        }),
      );
      pass.dispatchWorkgroups(...gridOf(groups, facts.maxWorkgroupsPerDimension));
    }
  }
}
