// Runs checked calls on a device: encodes them, into the caller's commands or its own, and reads results back.
import { assertNoDegenerateRow, describe, sizeOf } from "@gumbel/core/adapter";
import type { BufferPool } from "./device/buffer-pool.ts";
import { createBufferPool } from "./device/buffer-pool.ts";
import { encodeProgram, type GpuContext, type PlacedBuffer } from "./device/encode-program.ts";
import { DeviceLostError } from "./device/errors.ts";
import { BUFFER_USAGE } from "./device/gpu-constants.ts";
import { createPipelines } from "./device/pipelines.ts";
import { assertDistinct, type NamedBuffer, placeBuffer } from "./device/place-buffer.ts";
import { readTensor } from "./device/read-tensor.ts";
import { unusableBuffer } from "./device/unusable-buffer.ts";
import { watchErrors } from "./device/watch-errors.ts";
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
  /** Compiles what a call with these buffers' formats needs, and sees whether WebGPU takes the buffers. */
  prepare(call: Call, slices: Slices): Promise<void>;
  /** Submits a call of its own and resolves to its results, once WebGPU has accepted it; the GPU may still be at work. */
  run(call: Call, inputs: Slices): Promise<Record<string, GpuTensor>>;
  /** Uploads the values of an argument; the caller owns the buffer. */
  upload(argument: string, values: ArrayBufferView): GPUBuffer;
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
    const inputs = placeInputs(call, slices);
    const outputs = mapRecord(call.outputs, ({ argument, shape, type }, name) =>
      placeBuffer({ argument: argument ?? name, shape, type }, slices[name]),
    );
    assertDistinct(namedInputs(inputs), namedOutputs(call, outputs));
    return { inputs, outputs };
  };

  const encodeInto = (
    target: GPUCommandEncoder | GPUComputePassEncoder,
    program: Program,
    tensors: Placed,
  ): GPUBuffer[] => {
    if (!isEncoder(target)) return encodeProgram(context, target, program, tensors);
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
      const place = { ...slice, type: "u32", offset: offset - 2 * skipped, shape: words } as const;
      const { buffer } = await read(place, "logits");
      const halves = new Uint16Array(buffer, 2 * skipped, count);
      assertNoDegenerateRow(valuesOfHalves(halves), call.validate);
      return;
    }
    assertNoDegenerateRow(await read(logits, "logits"), call.validate);
  };

  const submit = async (call: Call, inputs: Placed): Promise<Record<string, GpuTensor>> => {
    const results = mapRecord(call.outputs, ({ shape, type }, name) => {
      const bytes = 4 * Math.max(1, sizeOf(shape));
      if (bytes > context.facts.maxBufferBytes) {
        throw new RangeError(
          `${argumentsOfSize(call)} must make a result of at most maxBufferSize (${context.facts.maxBufferBytes} bytes), got ${bytes}`,
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
    const { result, refused, exhausted } = watchErrors(device, () => {
      const tensors: Record<string, GpuTensor> = mapRecord(results, ({ name, bytes, shape, type }) => ({
        buffer: device.createBuffer({ label: `gumbel ${name}`, size: bytes, usage: RESULT_USAGE }),
        shape,
        type,
      }));
      const encoder = device.createCommandEncoder({ label: "gumbel" });
      const placed = mapRecord(sizes, (size, name) => ({ ...size, buffer: tensors[name].buffer }));
      const temporaries = encodeInto(encoder, program, { ...inputs, ...placed });
      device.queue.submit([encoder.finish()]);
      return { tensors, temporaries };
    });
    const { tensors, temporaries } = result;
    for (const buffer of temporaries) pool.release(buffer);
    try {
      const [error, memoryError] = await Promise.all([refused, exhausted]);
      if (lost !== undefined) throw new DeviceLostError(lost.reason, lost.message);
      if (memoryError !== null) {
        throw new RangeError(
          `${argumentsOfSize(call)} must make work that the device has memory for: ${memoryError.message}`,
        );
      }
      if (error !== null) {
        const unusable = await unusableBuffer(device, namedInputs(inputs));
        throw unusable ?? new Error(`WebGPU refused the call: ${error.message}`);
      }
      return tensors;
    } catch (error) {
      for (const { buffer } of Object.values(tensors)) buffer.destroy();
      throw await explain(error);
    }
  };

  const read = async (tensor: GpuTensor, argument = "tensor"): Promise<HostResult> => {
    assertUsable();
    try {
      return await readTensor(device, pool, argument, tensor);
    } catch (error) {
      throw await explain(error);
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
      assertTarget(target);
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
      try {
        await Promise.all(program.steps.map(({ kernel }) => pipelines.prepare(kernel)));
        const buffers = [...namedInputs(inputs), ...namedOutputs(call, outputs)];
        const unusable = await unusableBuffer(device, buffers);
        if (unusable !== undefined) throw unusable;
      } catch (error) {
        throw await explain(error);
      }
    },
    async run(call, slices) {
      assertUsable();
      const inputs = placeInputs(call, slices);
      await validate(call, slices);
      return submit(call, inputs);
    },
    upload(argument, values) {
      assertUsable();
      const size = Math.max(4, 4 * Math.ceil(values.byteLength / 4));
      const { maxBufferBytes } = context.facts;
      if (size > maxBufferBytes) {
        throw new RangeError(
          `${argument} must be at most maxBufferSize (${maxBufferBytes} bytes), got ${size}: request a device with a higher limit`,
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
    read: (tensor) => read(tensor),
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

function placeInputs(call: Call, slices: Slices): Placed {
  return mapRecord(call.inputs, (shape, argument) => placeBuffer({ argument, shape }, slices[argument]));
}

function namedInputs(inputs: Placed): NamedBuffer[] {
  return Object.entries(inputs).map(([argument, { buffer }]) => ({ argument, buffer }));
}

function namedOutputs(call: Call, outputs: Placed): NamedBuffer[] {
  return Object.entries(outputs).map(([name, { buffer }]) => ({
    argument: call.outputs[name].argument ?? name,
    buffer,
  }));
}

/** The arguments that decide how large results and scratch are. */
function argumentsOfSize(call: Call): string {
  return call.inputs.logits === undefined ? "shape" : "logits and sampleShape";
}

function isEncoder(target: GPUCommandEncoder | GPUComputePassEncoder): target is GPUCommandEncoder {
  return "beginComputePass" in target;
}

function assertTarget(target: unknown): void {
  const { beginComputePass, dispatchWorkgroups } = (target ?? {}) as Record<string, unknown>;
  if (typeof (beginComputePass ?? dispatchWorkgroups) === "function") return;
  throw new TypeError(
    `target must be a GPUCommandEncoder or a GPUComputePassEncoder, got ${describe(target)}`,
  );
}

function asSlice(given: GPUBuffer | BufferSlice): BufferSlice {
  return isGpuBuffer(given) ? { buffer: given } : given;
}

function mapRecord<A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
