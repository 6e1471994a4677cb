import { categorical, foldIn, gumbelSoftmax, key, topK } from "@gumbel/core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BUFFER_USAGE } from "../src/device/gpu-constants.ts";
import { createSampler, type GpuTensor, type WebGpuSampler } from "../src/index.ts";
import { createDevice } from "./dawn.ts";

// The software GPU compiles each pipeline for a tenth of a second and more.
vi.setConfig({ testTimeout: 30_000 });

let device: GPUDevice;
let sampler: WebGpuSampler;
beforeAll(async () => {
  device = await createDevice(["subgroups"]);
  sampler = await createSampler(device);
});
afterAll(() => {
  sampler.dispose();
  device.destroy();
});

const { STORAGE, COPY_DST, COPY_SRC } = BUFFER_USAGE;

/** Logits between −3 and 3 that float32 holds. */
function logitsOf(count: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 12.9898) * 3));
}

function bufferOf(
  values: ArrayBufferView<ArrayBuffer>,
  offset = 0,
  usage: number = STORAGE | COPY_DST,
): GPUBuffer {
  const size = Math.max(4, 4 * Math.ceil((offset + values.byteLength) / 4));
  const buffer = device.createBuffer({ size, usage: usage | COPY_DST, mappedAtCreation: true });
  new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(values.buffer), offset);
  buffer.unmap();
  return buffer;
}

function outputOf(elements: number, usage = STORAGE | COPY_SRC): GPUBuffer {
  return device.createBuffer({ size: 4 * elements, usage });
}

const shape = [6, 50];
const data = logitsOf(300);
const options = { key: key(42) };
const expected = Array.from(categorical({ data, shape }, options).data);

describe("what goes in comes out", () => {
  test("a GPUBuffer gives a GPUBuffer of int32 indices", async () => {
    const buffer = bufferOf(data);
    const indices = await sampler.categorical(buffer, { shape, ...options });
    expect(indices).toHaveProperty("mapAsync");
    expect(indices.size).toBe(4 * 6);
    expect(Array.from(await sampler.read({ buffer: indices, shape: [6], type: "i32" }))).toEqual(expected);
    for (const each of [buffer, indices]) each.destroy();
  });

  test("a tensor gives a tensor with its shape and type", async () => {
    const tensor = sampler.upload(data, shape);
    const indices = await sampler.categorical(tensor, options);
    expect(indices).toMatchObject({ shape: [6], type: "i32" });
    expect(Array.from(await sampler.read(indices))).toEqual(expected);
    for (const { buffer } of [tensor, indices]) buffer.destroy();
  });

  test("an array gives an array", async () => {
    const indices = await sampler.categorical(data, { shape, ...options });
    expect(indices).toBeInstanceOf(Int32Array);
    expect(Array.from(indices)).toEqual(expected);
    const best = await sampler.topK(data, 3, { shape, ...options });
    expect(Array.from(best.indices)).toEqual(Array.from(topK({ data, shape }, 3, options).indices.data));
    const soft = await sampler.gumbelSoftmax(data, { shape, ...options });
    expect(soft).toBeInstanceOf(Float32Array);
    expect(soft).toHaveLength(300);
  });
});

describe("encoded into the caller's commands", () => {
  test.each(["encoder", "pass"])("of an %s, in one submit with other work, at byte offsets", async (kind) => {
    const logits = { buffer: bufferOf(data, 260), offset: 260 };
    const output = { buffer: outputOf(100), offset: 4 * 65 };
    const encoder = device.createCommandEncoder();
    const pass = kind === "pass" ? encoder.beginComputePass() : undefined;
    const first = sampler.encodeCategorical(pass ?? encoder, { logits, shape, output, ...options });
    const other = { buffer: output.buffer, offset: 4 * 80 };
    const second = sampler.encodeCategorical(pass ?? encoder, {
      logits,
      shape,
      output: other,
      key: foldIn(key(42), 1),
    });
    pass?.end();
    device.queue.submit([encoder.finish()]);
    for (const encoded of [first, second]) encoded.release();
    const all = Array.from(await sampler.read({ buffer: output.buffer, shape: [100], type: "i32" }));
    const next = categorical({ data, shape }, { key: foldIn(key(42), 1) }).data;
    expect(all.slice(65, 71)).toEqual(expected);
    expect(all.slice(80, 86)).toEqual(Array.from(next));
    expect(all.filter((_, i) => i < 65 || (i >= 71 && i < 80) || i >= 86).every((value) => value === 0)).toBe(
      true,
    );
  });

  test("every operation", async () => {
    const logits = bufferOf(data);
    const cotangent = bufferOf(logitsOf(300));
    const encode = async (
      elements: number,
      encodeInto: (encoder: GPUCommandEncoder, output: GPUBuffer) => void,
    ) => {
      const output = outputOf(elements);
      const encoder = device.createCommandEncoder();
      encodeInto(encoder, output);
      device.queue.submit([encoder.finish()]);
      return Array.from(await sampler.read({ buffer: output, shape: [elements] }));
    };
    const tensor = { buffer: logits, shape };
    const cotangents = { buffer: cotangent, shape };
    const same = async (encoded: number[], made: Promise<GpuTensor>) =>
      expect(encoded).toEqual(Array.from(await sampler.read({ ...(await made), type: "f32" })));
    const soft = { ...options, temperature: 0.5 };
    await same(
      await encode(300, (e, output) => sampler.encodeBits(e, { shape, output, ...options })),
      sampler.bits(shape, options),
    );
    await same(
      await encode(300, (e, output) => sampler.encodeGumbel(e, { shape, output, ...options })),
      sampler.gumbel(shape, options),
    );
    await same(
      await encode(300, (e, output) => sampler.encodeSoftmax(e, { logits, shape, output })),
      sampler.softmax(tensor),
    );
    await same(
      await encode(300, (e, output) => sampler.encodeGumbelSoftmax(e, { logits, shape, output, ...soft })),
      sampler.gumbelSoftmax(tensor, soft),
    );
    await same(
      await encode(300, (e, output) => sampler.encodeSoftmaxVjp(e, { logits, cotangent, shape, output })),
      sampler.softmaxVjp(tensor, cotangents, {}),
    );
    await same(
      await encode(300, (e, output) =>
        sampler.encodeGumbelSoftmaxVjp(e, { logits, cotangent, shape, output, ...soft }),
      ),
      sampler.gumbelSoftmaxVjp(tensor, cotangents, soft),
    );
    const indices = outputOf(12);
    await same(
      await encode(12, (e, values) =>
        sampler.encodeTopK(e, { logits, shape, k: 2, values, indices, ...options }),
      ),
      sampler.topK(tensor, 2, options).then(({ values }) => values),
    );
  });

  test("prepare compiles what the encoded call then finds", async () => {
    const logits = bufferOf(data);
    const call = { logits, shape, output: outputOf(300), hard: true, precision: "jax", ...options } as const;
    await sampler.prepare("gumbelSoftmax", call);
    const create = device.createComputePipeline;
    let compiled = 0;
    device.createComputePipeline = (descriptor) => {
      compiled++;
      return create.call(device, descriptor);
    };
    try {
      const encoder = device.createCommandEncoder();
      sampler.encodeGumbelSoftmax(encoder, call);
      device.queue.submit([encoder.finish()]);
    } finally {
      device.createComputePipeline = create;
    }
    expect(compiled).toBe(0);
  });
});

describe("gradients from a saved sample", () => {
  test.each([
    [[3, 40], []],
    [[2, 3000], [4]],
    [[3, 5, 7], [2]],
  ])("are those of the recomputed noise, over %j and samples %j", async (shape, sampleShape) => {
    const count = shape.reduce((product, length) => product * length, 1);
    const logits = logitsOf(count);
    logits[7] = Number.NEGATIVE_INFINITY;
    logits[count - 1] = Number.NaN;
    const soft = { shape, sampleShape, temperature: 0.7, axis: 1, ...options };
    const sample = await sampler.gumbelSoftmax(logits, soft);
    const cotangent = logitsOf(sample.length);
    const recomputed = await sampler.gumbelSoftmaxVjp(logits, cotangent, soft);
    const saved = await sampler.gumbelSoftmaxVjp(logits, cotangent, { ...soft, sample });
    saved.forEach((value, i) => {
      if (Number.isNaN(recomputed[i])) expect(value).toBeNaN();
      else expect(Math.abs(value - recomputed[i])).toBeLessThan(2 ** -18);
    });
    expect(saved[7]).toBe(0);
    expect(saved[count - 1]).toBeNaN();
  });
});

describe("a row whose chunks are all masks but one", () => {
  const shape = [1, 100_000];
  const logits = new Float32Array(100_000).fill(Number.NEGATIVE_INFINITY);
  logits[70_001] = 3;
  logits[70_002] = -2;

  test.each([1, 0.5])("is sampled from what is left, at temperature %j", async (temperature) => {
    for (const subgroups of [true, false]) {
      const own = await createSampler(device, { subgroups });
      const soft = { shape, temperature, ...options };
      const sample = await own.gumbelSoftmax(logits, soft);
      const { data: reference } = gumbelSoftmax({ data: logits, shape }, soft);
      const gradient = await own.gumbelSoftmaxVjp(
        logits,
        new Float32Array(100_000).map((_, i) => i % 7),
        soft,
      );
      for (const i of [0, 69_999, 70_000, 70_001, 70_002, 99_999]) {
        expect(Math.abs(sample[i] - reference[i])).toBeLessThan(2 ** -20);
        expect(gradient[i] === 0).toBe(reference[i] === 0);
      }
      expect(sample.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      own.dispose();
    }
  });
});

describe("halves", () => {
  /** All finite halves and both infinities, by their bits. */
  const finite = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00,
  );
  const valueOfHalf = (bits: number): number => {
    const [exponent, mantissa] = [(bits >> 10) & 31, bits & 0x3ff];
    const size = exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
    return bits & 0x8000 ? -size : size;
  };

  test("every finite half is read as the float that it stands for", async () => {
    const count = finite.length;
    const values = Float32Array.from(finite, valueOfHalf);
    // Rows of [half, mask]: the top-1 value without noise of its own is the half plus the same noise.
    const ofHalves = await sampler.topK(finite, 1, { shape: [count, 1], ...options });
    const ofFloats = await sampler.topK(values, 1, { shape: [count, 1], ...options });
    expect(ofHalves.values).toEqual(ofFloats.values);
  });

  test("at an odd offset, with masks and degenerate rows as of floats", async () => {
    const [mask, infinite, nan] = [0xfc00, 0x7c00, 0x7e01];
    const rows = [0x3c00, mask, 0x4000, infinite, 0, 0, mask, mask, mask, nan, 0, 0x3c00, 0xbc00, 0x3800, 0];
    const halves = Uint16Array.from([0x3c00, ...rows]);
    const floats = Float32Array.from(rows, (bits) =>
      bits === mask ? -Infinity : bits === infinite ? Infinity : bits === nan ? NaN : valueOfHalf(bits),
    );
    const logits = {
      buffer: bufferOf(halves, 0, STORAGE | COPY_SRC),
      offset: 2,
      type: "f16",
      shape: [5, 3],
    } as const;
    const made = await sampler.categorical(logits, options);
    const indices = Array.from(await sampler.read(made));
    expect(indices).toEqual(Array.from(await sampler.categorical(floats, { shape: [5, 3], ...options })));
    expect(indices.slice(1, 4)).toEqual([-1, -1, -1]);
    await expect(sampler.categorical(logits, { validate: true, ...options })).rejects.toThrow("logits row 1");
  });
});

describe("sizes", () => {
  test.each([[[1, 1_000_000]], [[1_000_000, 4]]])(
    "categorical of %j is the reference's",
    async (shape) => {
      const data = logitsOf(shape[0] * shape[1]);
      const indices = await sampler.categorical(data, { shape, ...options });
      const reference = categorical({ data, shape }, options).data;
      let different = 0;
      indices.forEach((index, row) => {
        if (index !== reference[row]) different++;
      });
      // Near-ties of a millionth: a few rows in a million.
      expect(different).toBeLessThanOrEqual(shape[0] * 1e-5);
    },
    60_000,
  );

  test("a tensor larger than a binding is read to its end, on a device with default limits", async () => {
    const { maxStorageBufferBindingSize, maxBufferSize } = {
      maxStorageBufferBindingSize: 2 ** 27,
      maxBufferSize: 2 ** 28,
    };
    const small = await createDevice([], { maxStorageBufferBindingSize, maxBufferSize });
    expect(small.limits.maxStorageBufferBindingSize).toBe(maxStorageBufferBindingSize);
    const own = await createSampler(small);
    const count = 2 ** 25 + 2 ** 20;
    const logits = small.createBuffer({ size: 4 * count, usage: STORAGE | COPY_DST });
    small.queue.writeBuffer(logits, 4 * (count - 2), Float32Array.of(60));
    const indices = await own.categorical(logits, { shape: [1, count], ...options });
    expect(Array.from(await own.read({ buffer: indices, shape: [1], type: "i32" }))).toEqual([count - 2]);
    own.dispose();
    small.destroy();
  }, 60_000);

  test("pieces change no bit of any result", async () => {
    // The same device, said to bind 16 KiB at most.
    const pieced = await createSampler(withLimits(device, { maxStorageBufferBindingSize: 16_384 }));
    const shape = [3, 2500];
    const logits = logitsOf(7500);
    const cotangent = logitsOf(7500).reverse();
    for (const temperature of [1, 0.5]) {
      const soft = { shape, temperature, ...options };
      expect(await pieced.gumbelSoftmax(logits, soft)).toEqual(await sampler.gumbelSoftmax(logits, soft));
      const gradients = [pieced, sampler].map((each) => each.gumbelSoftmaxVjp(logits, cotangent, soft));
      expect(await gradients[0]).toEqual(await gradients[1]);
    }
    expect(await pieced.categorical(logits, { shape, ...options })).toEqual(
      await sampler.categorical(logits, { shape, ...options }),
    );
    expect(await pieced.topK(logits, 300, { shape, ...options })).toEqual(
      await sampler.topK(logits, 300, { shape, ...options }),
    );
    const halves = Uint16Array.from({ length: 20_000 }, (_, i) => (i * 7) % 0x4c00);
    expect(await pieced.categorical(halves, { shape: [2, 10_000], ...options })).toEqual(
      await sampler.categorical(halves, { shape: [2, 10_000], ...options }),
    );
    pieced.dispose();
  }, 60_000);

  test("a dispatch that takes two dimensions changes no bit of any result", async () => {
    // The same device, said to launch 7 workgroups in a dimension: more are needed, and not a multiple of that.
    const narrow = await createSampler(withLimits(device, { maxComputeWorkgroupsPerDimension: 7 }));
    for (const shape of [
      [40, 300],
      [1, 20_000],
      [500, 5],
    ]) {
      const logits = logitsOf(shape[0] * shape[1]);
      const call = { shape, ...options };
      expect(await narrow.categorical(logits, call)).toEqual(await sampler.categorical(logits, call));
      expect(await narrow.gumbelSoftmax(logits, call)).toEqual(await sampler.gumbelSoftmax(logits, call));
      expect(await narrow.topK(logits, 2, call)).toEqual(await sampler.topK(logits, 2, call));
    }
    // 49 workgroups at most.
    await expect(narrow.categorical(logitsOf(50 * 300), { shape: [50, 300], ...options })).rejects.toThrow(
      /^logits make .* workgroups, more than maxComputeWorkgroupsPerDimension \(7\) squared/,
    );
    narrow.dispose();
  }, 60_000);

  test("topK takes any k up to the whole row", async () => {
    const shape = [2, 2000];
    const data = logitsOf(4000);
    for (const k of [2, 16, 64, 256, 512, 513, 2000]) {
      const { indices } = await sampler.topK(data, k, { shape, ...options });
      expect(Array.from(indices)).toEqual(Array.from(topK({ data, shape }, k, options).indices.data));
    }
  });
});

describe("lifetime", () => {
  test("dispose leaves the caller's device and results alone", async () => {
    const own = await createSampler(device);
    const made = await own.gumbel([4], options);
    own.dispose();
    await expect(own.gumbel([4], options)).rejects.toThrow("disposed");
    expect(await sampler.read(made)).toHaveLength(4);
    made.buffer.destroy();
  });

  test("results do not depend on subgroups, and keep to the reference", async () => {
    const plain = await createSampler(device, { subgroups: false });
    const soft = { shape: [4, 3000], temperature: 0.5, ...options };
    const logits = logitsOf(12_000);
    const [a, b] = [await plain.gumbelSoftmax(logits, soft), await sampler.gumbelSoftmax(logits, soft)];
    const reference = gumbelSoftmax({ data: logits, shape: soft.shape }, soft).data;
    a.forEach((value, i) => {
      expect(Math.abs(value - b[i])).toBeLessThan(2 ** -20);
      expect(Math.abs(value - reference[i])).toBeLessThan(2 ** -18);
    });
    plain.dispose();
  });
});

/** The same device with other limits in its description. */
function withLimits(device: GPUDevice, limits: Record<string, number>): GPUDevice {
  const names = [
    "maxBufferSize",
    "maxStorageBufferBindingSize",
    "maxStorageBuffersPerShaderStage",
    "maxComputeInvocationsPerWorkgroup",
  ] as const;
  const others = [
    "maxComputeWorkgroupSizeX",
    "maxComputeWorkgroupsPerDimension",
    "minStorageBufferOffsetAlignment",
  ] as const;
  const described = Object.fromEntries([...names, ...others].map((name) => [name, device.limits[name]]));
  return new Proxy(device, {
    get(target, name) {
      if (name === "limits") return { ...described, ...limits };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
