// What callers can get wrong: each mistake is an error that names the argument, and WebGPU itself has nothing to complain of.
import { categorical, key } from "@gumbel/core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { BUFFER_USAGE } from "../src/device/gpu-constants.ts";
import {
  createSampler,
  DeviceLostError,
  NoDeviceError,
  type OperationName,
  requestDevice,
  type WebGpuSampler,
} from "../src/index.ts";
import { createDevice } from "./dawn.ts";

// The software GPU compiles each pipeline for a tenth of a second and more.
vi.setConfig({ testTimeout: 180_000 });

const { STORAGE, COPY_DST, COPY_SRC } = BUFFER_USAGE;

let device: GPUDevice;
let sampler: WebGpuSampler;
const uncaptured: string[] = [];
beforeAll(async () => {
  device = await createDevice();
  device.addEventListener("uncapturederror", ({ error }) => void uncaptured.push(error.message));
  sampler = await createSampler(device);
});
afterEach(async () => {
  await device.queue.onSubmittedWorkDone();
  expect(uncaptured.splice(0)).toEqual([]);
});
afterAll(() => {
  sampler.dispose();
  device.destroy();
});

const shape = [6, 50];
const data = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * 12.9898) * 3);
const tensor = { data, shape };
const options = { key: key(42) };
const call = { shape, ...options };
const expected = categorical(tensor, options).data;

function bufferOf(elements: number, usage: number = STORAGE | COPY_SRC | COPY_DST): GPUBuffer {
  return device.createBuffer({ size: 4 * elements, usage });
}

function mappedBuffer(): GPUBuffer {
  return device.createBuffer({ size: 1200, usage: STORAGE | COPY_SRC, mappedAtCreation: true });
}

function destroyedBuffer(): GPUBuffer {
  const buffer = bufferOf(300);
  buffer.destroy();
  return buffer;
}

describe("what is encoded", () => {
  const refuses = (operation: OperationName, given: object, message: RegExp) =>
    expect(
      () => sampler.encode(operation, device.createCommandEncoder(), given as never),
      message.source,
    ).toThrow(message);

  test("needs buffers that hold the tensors and may be bound", () => {
    const logits = bufferOf(300);
    const indices = bufferOf(6);
    const wrong: [RegExp, object][] = [
      [/^logits must have usage STORAGE/, { logits: bufferOf(300, COPY_DST) }],
      [/^logits must hold 1200 bytes/, { logits: bufferOf(299) }],
      [/^logits.offset must be a non-negative multiple of 4/, { logits: { buffer: logits, offset: 2 } }],
      [/^logits.offset must be .*, got "4"$/, { logits: { buffer: logits, offset: "4" } }],
      [/^logits must hold 1204 bytes/, { logits: { buffer: logits, offset: 4 } }],
      [/^logits must have type "f32" or "f16", got "i32"/, { logits: { buffer: logits, type: "i32" } }],
      [/^logits must be a GPUBuffer, .* got 3$/, { logits: 3 }],
      [/^logits must be a GPUBuffer, .* got \[2, 1\]$/, { logits: Float32Array.of(2, 1) }],
      [/^logits must not be mapped/, { logits: mappedBuffer() }],
      [/^indices must hold 24 bytes/, { indices: bufferOf(5) }],
      [/^indices must have usage STORAGE/, { indices: bufferOf(300, COPY_DST) }],
      [/^indices must have type "i32", got "f32"/, { indices: { buffer: indices, type: "f32" } }],
      [/^indices must be another GPUBuffer than logits/, { indices: logits }],
      [/^indices must be a GPUBuffer, .* got undefined/, { indices: undefined }],
      [/^shape must be the shape of logits/, { shape: undefined }],
      [/^shape must be that of logits, \[3, 100\], /, { logits: { buffer: logits, shape: [3, 100] } }],
      [/^categorical has no option tau: did you mean temperature\?/, { tau: 1 }],
      [/^categorical has no option output/, { output: indices }],
      [/^key must be/, { key: [1] }],
    ];
    for (const [message, given] of wrong) {
      refuses("categorical", { logits, indices, ...call, ...given }, message);
    }
    refuses("softmax", { logits, y: indices, shape, temperature: 0 }, /^temperature/);
  });

  test("is told by its own arguments' names, also where there are two results or a gradient", () => {
    const [logits, values, indices] = [bufferOf(300), bufferOf(12), bufferOf(12)];
    const best = { logits, values, indices, k: 2, ...call };
    refuses("gumbelTopK", { ...best, values: bufferOf(11) }, /^values must hold 48 bytes/);
    refuses("gumbelTopK", { ...best, indices: values }, /^indices must be another GPUBuffer than values/);
    refuses("gumbelTopK", { ...best, k: 51 }, /^k must be an integer in \[0, 50\], got 51/);
    const vjp = { logits, cotangent: bufferOf(300), gradient: bufferOf(300), shape };
    refuses("softmaxVjp", { ...vjp, cotangent: undefined }, /^cotangent must be a GPUBuffer/);
    const cotangent = { buffer: bufferOf(300), shape: [300] };
    refuses("softmaxVjp", { ...vjp, cotangent }, /^cotangent must have shape \[6, 50\], got \[300\]/);
  });

  test("goes into an encoder or a compute pass", () => {
    for (const target of [undefined, null, {}, device]) {
      const given = { logits: bufferOf(300), indices: bufferOf(6), ...call };
      expect(() => sampler.encode("categorical", target as never, given)).toThrow(
        /^target must be a GPUCommandEncoder or a GPUComputePassEncoder, got/,
      );
    }
    refuses("categorical", undefined as never, /^call must be an object/);
  });

  test("is checked by prepare with what only the GPU knows", async () => {
    const [logits, indices] = [bufferOf(300), bufferOf(6)];
    await sampler.prepare("categorical", { logits, indices, ...call });
    await expect(
      sampler.prepare("categorical", { logits: destroyedBuffer(), indices, ...call }),
    ).rejects.toThrow(/^logits must be a live GPUBuffer of the sampler's device/);
    const other = await createDevice();
    const foreign = other.createBuffer({ size: 24, usage: STORAGE });
    await expect(sampler.prepare("categorical", { logits, indices: foreign, ...call })).rejects.toThrow(
      /^indices must be a live GPUBuffer of the sampler's device/,
    );
    other.destroy();
    await expect(sampler.prepare("multinomial" as never, {} as never)).rejects.toThrow(
      /^operation must be one of bits, .*, got "multinomial"/,
    );
  });
});

describe("what is passed in", () => {
  test.each<[RegExp, unknown]>([
    [/^logits must be a tensor { buffer, shape } or an array { data, shape }, got undefined$/, undefined],
    [/^logits must be a tensor .* got null$/, null],
    [/^logits must be a tensor .* got \[1, 2\]$/, [1, 2]],
    [/^logits must be a tensor .* got /, new Int8Array(3)],
    [/^logits.data must be an array of numbers/, { data: "6", shape }],
    [/^logits.data must hold 9 values for its shape, got 300$/, { data, shape: [3, 3] }],
    [/^logits.shape must be an array of integers, got "6"/, { data, shape: "6" }],
  ])("must be a tensor: %s", async (message, logits) => {
    await expect(sampler.categorical(logits as never, options)).rejects.toThrow(message);
  });

  test("must be a tensor: a GPUBuffer has no shape", async () => {
    await expect(sampler.categorical(bufferOf(300) as never, options)).rejects.toThrow(
      /^logits must be a tensor .* got a GPUBuffer, which has no shape$/,
    );
    await expect(sampler.categorical({ buffer: bufferOf(300) } as never, options)).rejects.toThrow(
      /^logits.shape must be an array of integers, got undefined/,
    );
  });

  test("must fit together", async () => {
    await expect(sampler.softmaxVjp(tensor, { data, shape: [300] })).rejects.toThrow(
      /^cotangent must have shape \[6, 50\], got \[300\]/,
    );
  });

  test("must be live and of the device", async () => {
    await expect(sampler.categorical({ buffer: destroyedBuffer(), shape }, options)).rejects.toThrow(
      /^logits must be a live GPUBuffer/,
    );
    const other = await createDevice();
    const buffer = other.createBuffer({ size: 1200, usage: STORAGE | COPY_SRC });
    const foreign = { buffer, shape };
    await expect(sampler.categorical(foreign, options)).rejects.toThrow(/^logits must be a live GPUBuffer/);
    await expect(sampler.softmaxVjp(sampler.upload(tensor), foreign)).rejects.toThrow(
      /^cotangent must be a live GPUBuffer/,
    );
    await expect(sampler.read(foreign)).rejects.toThrow(/^tensor must be a live GPUBuffer/);
    other.destroy();
    expect((await sampler.categorical(tensor, options)).data).toEqual(expected);
  });

  test("is uploaded as what it says that it is", () => {
    expect(() => sampler.upload({ data, shape: [7] })).toThrow(/^array.data must hold 7 values/);
    expect(() => sampler.upload({ data } as never)).toThrow(/^array must be an array \{ data, shape \}/);
    expect(() => sampler.upload({ buffer: bufferOf(1), shape: [1] } as never)).toThrow(
      /^array must be an array/,
    );
  });
});

test("a sampler needs a device", async () => {
  const { adapterInfo } = device;
  for (const wrong of [{}, "gpu", null, { requestDevice() {} }, adapterInfo]) {
    await expect(createSampler(wrong as never)).rejects.toThrow(/^device must be a GPUDevice, got/);
  }
  await expect(createSampler({ requestDevice() {} } as never)).rejects.toThrow(
    "call its requestDevice() first",
  );
  const wrongOptions: [unknown, string][] = [
    [{ subgroup: false }, "createSampler has no option subgroup: did you mean subgroups?"],
    [{ subgroups: "no" }, 'subgroups must be a boolean, got "no"'],
    [5, "createSampler takes options such as { subgroups }, got 5"],
  ];
  for (const [wrong, message] of wrongOptions) {
    await expect(createSampler(device, wrong as never)).rejects.toThrow(message);
  }
  await expect(createSampler()).rejects.toThrow(/navigator.gpu/);
});

test("where no device can be had the error says what is missing", async () => {
  const gpuOf = (adapter: object | null) => ({ requestAdapter: async () => adapter }) as unknown as GPU;
  await expect(requestDevice(undefined)).rejects.toThrow(
    /^there is no WebGPU here \(navigator.gpu is undefined\)/,
  );
  await expect(requestDevice(gpuOf(null))).rejects.toThrow(/^WebGPU found no adapter/);
  const refusing = {
    limits: {},
    features: new Set(),
    requestDevice: () => Promise.reject(new Error("busy")),
  };
  await expect(requestDevice(gpuOf(refusing))).rejects.toThrow("the WebGPU adapter gave no device: busy");
  await expect(requestDevice(gpuOf(refusing))).rejects.toBeInstanceOf(NoDeviceError);
});

test("what is read back is a tensor of results that the device can copy", async () => {
  const buffer = bufferOf(6);
  const wrong: [RegExp, unknown][] = [
    [/^tensor must be a GPUBuffer with its shape and type, .* got undefined$/, undefined],
    [/^tensor must be a GPUBuffer with its shape and type, .* got a GPUBuffer, which says neither$/, buffer],
    [/^tensor.shape must be an array/, { buffer }],
    [/^tensor.type must be "f32", "i32" or "u32" to be read, got "f16"/, { buffer, shape: [6], type: "f16" }],
    [/^tensor.type must be .*, got "toString"/, { buffer, shape: [6], type: "toString" }],
    [/^tensor.offset must be .* got -4 in/, { buffer, shape: [2], offset: -4 }],
    [/^tensor.offset must be .* got 4 in/, { buffer, shape: [6], offset: 4 }],
    [/^tensor must have usage COPY_SRC/, { buffer: bufferOf(6, STORAGE), shape: [6] }],
    [/^tensor must not be mapped/, { buffer: mappedBuffer(), shape: [6] }],
    [/^tensor must be a live GPUBuffer/, { buffer: destroyedBuffer(), shape: [6] }],
  ];
  for (const [message, tensor] of wrong) {
    await expect(sampler.read(tensor as never), message.source).rejects.toThrow(message);
  }
});

test("sizes beyond the device's limits name what asks for them", async () => {
  const sampleShape = [2 ** 16];
  await expect(
    sampler.gumbelSoftmax({ data: new Float32Array(2 ** 14), shape: [2 ** 14] }, { sampleShape }),
  ).rejects.toThrow(/^logits and sampleShape must make a result of at most maxBufferSize/);
  await expect(sampler.gumbel([2 ** 31])).rejects.toThrow(
    /^shape must make a result of at most maxBufferSize/,
  );
});

test("an error while encoding leaves the device's error scopes as they were", async () => {
  const own = await createSampler(device);
  const create = device.createBindGroup;
  device.createBindGroup = () => {
    throw new RangeError("made to fail");
  };
  device.pushErrorScope("validation");
  try {
    await expect(own.categorical(tensor, options)).rejects.toThrow("made to fail");
  } finally {
    device.createBindGroup = create;
  }
  expect(await device.popErrorScope()).toBeNull();
  await expect(device.popErrorScope(), "one scope was opened").rejects.toThrow();
  own.dispose();
});

test("a lost device is a DeviceLostError, before and during a call", async () => {
  const own = await createDevice();
  const doomed = await createSampler(own);
  const pending = doomed.categorical(tensor, options);
  own.destroy();
  await expect(pending).rejects.toBeInstanceOf(DeviceLostError);
  await own.lost;
  await expect(doomed.categorical(tensor, options)).rejects.toBeInstanceOf(DeviceLostError);
  const given = { shape: [1], words: bufferOf(1) };
  expect(() => doomed.encode("bits", {} as GPUCommandEncoder, given)).toThrow(DeviceLostError);
  await expect(doomed.prepare("bits", given)).rejects.toBeInstanceOf(DeviceLostError);
});
