// A device as the sampler uses it: whether it still can be used, uploads, submissions with their errors, read-backs.

import { factsOf } from "../plan/gpu-facts.ts";
import type { Program } from "../plan/program.ts";
import { isSoftwareGpu, tuneForSwiftShader } from "../swiftshader.ts";
import type { GpuTensor, HostResult } from "../tensor.ts";
import { createBufferPool } from "./buffer-pool.ts";
import { encodeProgram, type GpuContext } from "./encode-program.ts";
import { DeviceLostError } from "./errors.ts";
import { BUFFER_USAGE } from "./gpu-constants.ts";
import { createPipelines } from "./pipelines.ts";
import type { Placed } from "./place-buffer.ts";
import { readTensor } from "./read-tensor.ts";
import { supportsSubgroups } from "./supports-subgroups.ts";
import { unusableBuffer } from "./unusable-buffer.ts";
import { watchErrors } from "./watch-errors.ts";

/** Results can be bound again, read back and overwritten. */
const RESULT_USAGE = BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST;

/** A device in use. */
export interface GpuSession {
  readonly context: GpuContext;
  /** Throws once the sampler is disposed or the device lost. */
  assertUsable(): void;
  /** A buffer of zeros for a result. */
  createResult(name: string, bytes: number): GPUBuffer;
  /** Uploads the values of an argument. */
  upload(argument: string, values: ArrayBufferView): GPUBuffer;
  /** Compiles what a program needs, without stalling. */
  compile(program: Program): Promise<void>;
  /**
   * Submits a program over new buffers for the outputs; resolves to these once WebGPU has accepted it. The GPU may still
   * be at work.
   * @param outputs bytes by name
   * @param sizes names of the arguments that decide how much memory it takes
   */
  submit(
    program: Program,
    inputs: Placed,
    outputs: Readonly<Record<string, number>>,
    sizes: string,
  ): Promise<Record<string, GPUBuffer>>;
  /** @throws TypeError naming the first of the buffers that WebGPU refuses */
  assertAccepted(buffers: Placed): Promise<void>;
  read(tensor: GpuTensor, argument?: string): Promise<HostResult>;
  dispose(): void;
}

/** Starts to use a device. */
export async function createGpuSession(device: GPUDevice, usesSubgroups: boolean): Promise<GpuSession> {
  let lost: GPUDeviceLostInfo | undefined;
  let isDisposed = false;
  device.lost.then((info) => {
    lost = info;
  });
  const facts = factsOf(device, usesSubgroups && (await supportsSubgroups(device)));
  const pool = createBufferPool(device);
  const tune = isSoftwareGpu(device.adapterInfo ?? {}) ? tuneForSwiftShader : (code: string) => code;
  const pipelines = createPipelines(device, tune);
  const context: GpuContext = { device, facts, pool, pipelines };

  const assertUsable = (): void => {
    if (isDisposed) throw new Error("the sampler is disposed; create a new one");
    if (lost !== undefined) throw new DeviceLostError(lost.reason, lost.message);
  };

  /** Everything rejects when the device is lost: then that is the error. */
  const explained = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      const notYet = new Promise<undefined>((resolve) => setTimeout(resolve, 0));
      const info = lost ?? (await Promise.race([device.lost, notYet]));
      throw info === undefined ? error : new DeviceLostError(info.reason, info.message);
    }
  };

  const compile = async ({ steps }: Program): Promise<void> => {
    await Promise.all(steps.map(({ kernel }) => pipelines.prepare(kernel)));
  };

  const createResult: GpuSession["createResult"] = (name, bytes) =>
    device.createBuffer({ label: `gumbel ${name}`, size: bytes, usage: RESULT_USAGE });

  const submit: GpuSession["submit"] = async (program, inputs, outputs, sizes) => {
    await compile(program);
    assertUsable();
    const { result, refused, exhausted } = watchErrors(device, () => {
      const buffers: Record<string, GPUBuffer> = {};
      const tensors: Record<string, { readonly buffer: GPUBuffer }> = { ...inputs };
      for (const [name, bytes] of Object.entries(outputs)) {
        buffers[name] = createResult(name, bytes);
        tensors[name] = { buffer: buffers[name] };
      }
      const encoder = device.createCommandEncoder({ label: "gumbel" });
      const temporaries = encodeProgram(context, encoder, program, tensors);
      device.queue.submit([encoder.finish()]);
      return { buffers, temporaries };
    });
    for (const buffer of result.temporaries) pool.release(buffer);
    try {
      const [error, memoryError] = await Promise.all([refused, exhausted]);
      if (lost !== undefined) throw new DeviceLostError(lost.reason, lost.message);
      if (memoryError !== null) {
        throw new RangeError(
          `${sizes} must make work that the device has memory for: ${memoryError.message}`,
        );
      }
      if (error !== null) {
        const unusable = await unusableBuffer(device, inputs);
        throw unusable ?? new Error(`WebGPU refused the call: ${error.message}`);
      }
      return result.buffers;
    } catch (error) {
      for (const buffer of Object.values(result.buffers)) buffer.destroy();
      throw error;
    }
  };

  return {
    context,
    assertUsable,
    createResult,
    upload(argument, values) {
      assertUsable();
      const size = Math.max(4, 4 * Math.ceil(values.byteLength / 4));
      if (size > facts.maxBufferBytes) {
        throw new RangeError(
          `${argument} must be at most maxBufferSize (${facts.maxBufferBytes} bytes), got ${size}: request a device with a higher limit`,
        );
      }
      const label = `gumbel ${argument}`;
      const buffer = device.createBuffer({ label, size, usage: RESULT_USAGE, mappedAtCreation: true });
      new Uint8Array(buffer.getMappedRange()).set(
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      );
      buffer.unmap();
      return buffer;
    },
    compile: (program) => explained(compile(program)),
    submit: (...work) => explained(submit(...work)),
    async assertAccepted(buffers) {
      const unusable = await explained(unusableBuffer(device, buffers));
      if (unusable !== undefined) throw unusable;
    },
    async read(tensor, argument = "tensor") {
      assertUsable();
      return explained(readTensor(device, pool, argument, tensor));
    },
    dispose() {
      isDisposed = true;
      pool.destroy();
      pipelines.clear();
    },
  };
}
