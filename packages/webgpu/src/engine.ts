// Runs checked calls on a device: encodes them, into the caller's commands or its own, and reads results back.
import { assertNoDegenerateRow, sizeOf } from "@gumbel/core/adapter";
import type { BufferPool } from "./device/buffer-pool.ts";
import { createBufferPool } from "./device/buffer-pool.ts";
import { encodeProgram, type GpuContext, type PlacedBuffer } from "./device/encode-program.ts";
import { DeviceLostError } from "./device/errors.ts";
import { BUFFER_USAGE, MAP_MODE_READ } from "./device/gpu-constants.ts";
import { createPipelines } from "./device/pipelines.ts";
import { assertDistinct, placeBuffer } from "./device/place-buffer.ts";
import { unusableBuffer } from "./device/unusable-buffer.ts";
import type { Call } from "./operations/call.ts";
import { factsOf } from "./plan/gpu-facts.ts";
import { isSoftwareGpu } from "./plan/plan-rows.ts";
import type { Program } from "./plan/program.ts";
import { type BufferSlice, type GpuTensor, type HostResult, isGpuBuffer } from "./tensor.ts";
import { valuesOfHalves } from "./values-of-halves.ts";

/** Buffers of a call, by the names of its tensors. */
export type Slices = Readonly<Record<string, GPUBuffer | BufferSlice>>;

/** Commands that were encoded for a caller. */
export interface Encoded {
  /**
   * Gives the temporary buffers back for later calls. To be called after the commands are submitted, not before; without
   * it they are left to the garbage collector.
   */
  release(): void;
}

/** A device with everything that calls share. */
export interface Engine {
  readonly context: GpuContext;
  /** Throws once the sampler is disposed or the device lost. */
  assertUsable(): void;
  encode(target: GPUCommandEncoder | GPUComputePassEncoder, call: Call, slices: Slices): Encoded;
  /** Compiles what a call with these buffers' formats needs. */
  prepare(call: Call, slices: Slices): Promise<void>;
  /** Submits a call of its own and resolves to its results, once WebGPU has accepted it; the GPU may still be at work. */
  run(call: Call, inputs: Slices): Promise<Record<string, GpuTensor>>;
  /** Uploads values; the caller owns the buffer. */
  upload(values: ArrayBufferView, label: string): GPUBuffer;
  read(tensor: GpuTensor): Promise<HostResult>;
  dispose(): void;
}

/** Creates an engine on a device. */
export function createEngine(device: GPUDevice, usesSubgroups: boolean): Engine {
  const pool: BufferPool = createBufferPool(device);
  const facts = factsOf(device, usesSubgroups);
  const pipelines = createPipelines(device, isSoftwareGpu(facts) ? "software" : "hardware");
  const context: GpuContext = { device, facts, pool, pipelines };
  let lost: GPUDeviceLostInfo | undefined;
  let isDisposed = false;
  device.lost.then((info) => {
    lost = info;
  });

  const assertUsable = (): void => {
    if (isDisposed) throw new Error("the sampler is disposed; create a new one");
    if (lost !== undefined) throw new DeviceLostError(lost.reason, lost.message);
  };

  /** What a rejected promise of the device means: everything rejects when the device is lost. */
  const explain = async (error: unknown): Promise<unknown> => {
    const info =
      lost ??
      (await Promise.race([device.lost, new Promise<undefined>((resolve) => setTimeout(resolve, 0))]));
    return info === undefined ? error : new DeviceLostError(info.reason, info.message);
  };

  const place = (call: Call, slices: Slices): { inputs: Placed; outputs: Placed } => {
    const inputs = mapRecord(call.inputs, (shape, name) => placeBuffer(name, slices[name], shape, false));
    const outputs = mapRecord(call.outputs, ({ shape }, name) =>
      placeBuffer(name, slices[name], shape, true),
    );
    assertDistinct(inputs, outputs);
    return { inputs, outputs };
  };

  const encodeInto = (
    target: GPUCommandEncoder | GPUComputePassEncoder,
    program: Program,
    tensors: Placed,
  ): GPUBuffer[] => {
    if (!("beginComputePass" in target)) return encodeProgram(context, target, program, tensors);
    if (program.steps.length === 0) return [];
    const pass = target.beginComputePass({ label: "gumbel" });
    try {
      return encodeProgram(context, pass, program, tensors);
    } finally {
      pass.end();
    }
  };

  const validate = async (call: Call, inputs: Slices): Promise<void> => {
    if (call.validate === undefined) return;
    const slice = asSlice(inputs.logits);
    const logits = { ...slice, shape: call.inputs.logits };
    if (slice.type === "f16") {
      const { offset = 0 } = slice;
      const count = sizeOf(logits.shape);
      // Halves may start in the middle of a word: whole words are read, and the first half skipped.
      const skipped = (offset % 4) / 2;
      const words = [Math.ceil((skipped + count) / 2)];
      const { buffer } = await read({ ...slice, type: "u32", offset: offset - 2 * skipped, shape: words });
      const halves = new Uint16Array(buffer, 2 * skipped, count);
      assertNoDegenerateRow(valuesOfHalves(halves), call.validate);
      return;
    }
    assertNoDegenerateRow(await read(logits), call.validate);
  };

  const submit = async (call: Call, inputs: Placed): Promise<Record<string, GpuTensor>> => {
    const results = mapRecord(call.outputs, ({ shape, type }, name) => {
      const bytes = 4 * Math.max(1, sizeOf(shape));
      if (bytes > context.facts.maxBufferBytes) {
        throw new RangeError(
          `logits and sampleShape must make a result of at most maxBufferSize (${context.facts.maxBufferBytes} bytes), got ${bytes}`,
        );
      }
      return { name, shape: [...shape], type, bytes };
    });
    const sizes = mapRecord(results, ({ bytes }) => ({
      offset: 0,
      elements: bytes / 4,
      format: "word" as const,
    }));
    const program = call.plan(context.facts, { ...inputs, ...sizes });
    await Promise.all(program.steps.map(({ kernel }) => pipelines.prepare(kernel)));
    assertUsable();
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("validation");
    const tensors: Record<string, GpuTensor> = mapRecord(results, ({ name, bytes, shape, type }) => ({
      buffer: device.createBuffer({ label: `gumbel ${name}`, size: bytes, usage: RESULT_USAGE }),
      shape,
      type,
    }));
    const encoder = device.createCommandEncoder({ label: "gumbel" });
    const placed = mapRecord(sizes, (size, name) => ({ ...size, buffer: tensors[name].buffer }));
    const temporaries = encodeInto(encoder, program, { ...inputs, ...placed });
    device.queue.submit([encoder.finish()]);
    const invalid = device.popErrorScope();
    const exhausted = device.popErrorScope();
    for (const buffer of temporaries) pool.release(buffer);
    try {
      const [error, memoryError] = await Promise.all([invalid, exhausted]);
      if (lost !== undefined) throw new DeviceLostError(lost.reason, lost.message);
      if (memoryError !== null) {
        throw new RangeError(
          `logits and sampleShape ask for more memory than the device has: ${memoryError.message}`,
        );
      }
      if (error !== null) throw await unusableBuffer(device, inputs, error.message);
      return tensors;
    } catch (error) {
      for (const { buffer } of Object.values(tensors)) buffer.destroy();
      throw await explain(error);
    }
  };

  const read = async (tensor: GpuTensor): Promise<HostResult> => {
    assertUsable();
    const { buffer, shape, offset = 0, type = "f32" } = tensor;
    if (type === "f16")
      throw new TypeError('tensor.type must be "f32", "i32" or "u32" to be read, got "f16"');
    if ((buffer.usage & BUFFER_USAGE.COPY_SRC) === 0) {
      throw new TypeError(
        `a buffer must have usage COPY_SRC to be read back, got usage 0x${buffer.usage.toString(16)}`,
      );
    }
    const bytes = 4 * sizeOf(shape);
    if (offset % 4 !== 0 || offset + bytes > buffer.size) {
      throw new RangeError(
        `tensor.offset must be a multiple of 4 that leaves ${bytes} bytes for shape [${shape.join(", ")}], got ${offset} in a buffer of ${buffer.size}`,
      );
    }
    if (bytes === 0) return new HOST_ARRAYS[type](0);
    const staging = pool.acquire(bytes, BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST);
    try {
      const encoder = device.createCommandEncoder({ label: "gumbel read" });
      encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(MAP_MODE_READ, 0, bytes);
      const copy = staging.getMappedRange(0, bytes).slice(0);
      staging.unmap();
      return new HOST_ARRAYS[type](copy);
    } catch (error) {
      throw await explain(error);
    } finally {
      pool.release(staging);
    }
  };

  return {
    context,
    assertUsable,
    encode(target, call, slices) {
      assertUsable();
      if (call.validate !== undefined) {
        throw new TypeError(
          "validate must be false where commands are encoded, got true: it reads the logits back",
        );
      }
      const { inputs, outputs } = place(call, slices);
      const tensors = { ...inputs, ...outputs };
      const temporaries = encodeInto(target, call.plan(context.facts, tensors), tensors);
      let isReleased = false;
      return {
        release() {
          if (isReleased) return;
          isReleased = true;
          for (const buffer of temporaries) pool.release(buffer);
        },
      };
    },
    async prepare(call, slices) {
      assertUsable();
      const { inputs, outputs } = place(call, slices);
      const program = call.plan(context.facts, { ...inputs, ...outputs });
      await Promise.all(program.steps.map(({ kernel }) => pipelines.prepare(kernel)));
    },
    async run(call, slices) {
      assertUsable();
      const inputs = mapRecord(call.inputs, (shape, name) => placeBuffer(name, slices[name], shape, false));
      await validate(call, slices);
      return submit(call, inputs);
    },
    upload(values, label) {
      assertUsable();
      const size = Math.max(4, 4 * Math.ceil(values.byteLength / 4));
      const usage = RESULT_USAGE;
      const buffer = device.createBuffer({ label, size, usage, mappedAtCreation: true });
      new Uint8Array(buffer.getMappedRange()).set(
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      );
      buffer.unmap();
      return buffer;
    },
    read,
    dispose() {
      isDisposed = true;
      pool.destroy();
      pipelines.clear();
    },
  };
}

type Placed = Record<string, PlacedBuffer>;

/** Results can be bound again, read back and overwritten. */
const RESULT_USAGE = BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST;

const HOST_ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array } as const;

function asSlice(given: GPUBuffer | BufferSlice): BufferSlice {
  return isGpuBuffer(given) ? { buffer: given } : given;
}

function mapRecord<A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
