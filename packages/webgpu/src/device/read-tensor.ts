// Reads a tensor back to the CPU.
import { assertShape, describe, sizeOf } from "@gumbel/core/adapter";
import { type GpuTensor, HOST_ARRAYS, type HostResult, isGpuBuffer } from "../tensor.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { BUFFER_USAGE, MAP_MODE_READ } from "./gpu-constants.ts";
import { assertUsage } from "./place-buffer.ts";
import { notUsable } from "./unusable-buffer.ts";
import { watchErrors } from "./watch-errors.ts";

/**
 * Reads a tensor.
 *
 * @param argument the name that errors use
 * @throws TypeError for what is no tensor or cannot be read, RangeError for one that reaches beyond its buffer
 */
export async function readTensor(
  device: GPUDevice,
  pool: BufferPool,
  argument: string,
  tensor: GpuTensor,
): Promise<HostResult> {
  const { buffer, offset, bytes, HostArray } = assertReadable(argument, tensor);
  if (bytes === 0) return new HostArray(0);
  const { result, ...errors } = watchErrors(device, () => {
    const staging = pool.acquire(bytes, BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST);
    const encoder = device.createCommandEncoder({ label: "gumbel read" });
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    return { staging, mapped: staging.mapAsync(MAP_MODE_READ, 0, bytes) };
  });
  const { staging, mapped } = result;
  const [refused, exhausted, mapping] = await Promise.allSettled([errors.refused, errors.exhausted, mapped]);
  try {
    if (refused.status === "fulfilled" && refused.value) throw notUsable(argument, refused.value);
    if (exhausted.status === "fulfilled" && exhausted.value) {
      throw new RangeError(
        `${argument} is more than the device has memory to read: ${exhausted.value.message}`,
      );
    }
    if (mapping.status === "rejected") throw mapping.reason;
    return new HostArray(staging.getMappedRange(0, bytes).slice(0));
  } finally {
    if (staging.mapState === "mapped") staging.unmap();
    pool.release(staging);
  }
}

function assertReadable(argument: string, tensor: GpuTensor) {
  const { buffer, shape, offset = 0, type = "f32" }: Partial<GpuTensor> = tensor ?? {};
  if (!isGpuBuffer(buffer)) {
    const got = isGpuBuffer(tensor) ? "a GPUBuffer, which says neither" : describe(tensor);
    throw new TypeError(
      `${argument} must be a GPUBuffer with its shape and type, { buffer, shape, type }, got ${got}`,
    );
  }
  assertShape(shape, `${argument}.shape`);
  if (type === "f16" || !Object.hasOwn(HOST_ARRAYS, type)) {
    throw new TypeError(`${argument}.type must be "f32", "i32" or "u32" to be read, got ${describe(type)}`);
  }
  assertUsage(argument, buffer, "COPY_SRC");
  const bytes = 4 * sizeOf(shape);
  if (!Number.isSafeInteger(offset) || offset < 0 || offset % 4 !== 0 || offset + bytes > buffer.size) {
    throw new RangeError(
      `${argument}.offset must be a non-negative multiple of 4 that leaves ${bytes} bytes for shape [${shape.join(", ")}], got ` +
        `${describe(offset)} in a buffer of ${buffer.size}`,
    );
  }
  return { buffer, offset, bytes, HostArray: HOST_ARRAYS[type] };
}
