import { runInNewContext } from "node:vm";
import { categorical, foldIn, gumbelSoftmax, gumbelTopK, key } from "@gumbel/core";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BUFFER_USAGE } from "../src/device/gpu-constants.ts";
import { createSampler, type GpuTensor, type WebGpuSampler } from "../src/index.ts";
import { createDevice, withLimits } from "./dawn.ts";

// The software GPU compiles each pipeline for a tenth of a second and more.
vi.setConfig({ testTimeout: 180_000 });

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
  test("a tensor in a buffer gives a tensor with its shape and type", async () => {
    const tensor = sampler.upload({ data, shape });
    const indices = await sampler.categorical(tensor, options);
    expect(indices).toMatchObject({ shape: [6], type: "i32" });
    expect(Array.from(await sampler.read(indices))).toEqual(expected);
    for (const { buffer } of [tensor, indices]) buffer.destroy();
  });

  test("an array gives an array", async () => {
    const indices = await sampler.categorical({ data, shape }, options);
    expect(indices.data).toBeInstanceOf(Int32Array);
    expect(indices.shape).toEqual([6]);
    expect(Array.from(indices.data)).toEqual(expected);
    const best = await sampler.gumbelTopK({ data, shape }, 3, options);
    expect(best.indices).toEqual(gumbelTopK({ data, shape }, 3, options).indices);
    const soft = await sampler.gumbelSoftmax({ data: Array.from(data), shape }, options);
    expect(soft.data).toBeInstanceOf(Float32Array);
    expect(soft.shape).toEqual(shape);
  });

  test("temperature 0 is the mode, any other divides the logits", async () => {
    for (const temperature of [0, 2 ** -40, 0.3, 7, 2 ** 40]) {
      const call = { ...options, temperature };
      const { data: reference } = categorical({ data, shape }, call);
      expect((await sampler.categorical({ data, shape }, call)).data).toEqual(reference);
    }
  });
});

describe(shortened("logits of any size leave the noise its digits", "in short rows"), () => {
  const shapes = [[64, 10], [8, 300], [3, 200, 2], ...(isFullRun ? [[2, 5000]] : [])];
  test.each(shapes.map((shape) => [shape]))("in rows of %j", async (shape) => {
    const count = shape.reduce((product, length) => product * length, 1);
    for (const offset of [0, 1e7, -1e8, 1e30]) {
      const tensor = { data: logitsOf(count).map((value) => value + offset), shape };
      const call = { axis: 1, ...options };
      const got = await sampler.categorical(tensor, call);
      expect(got.data, `offset ${offset}`).toEqual(categorical(tensor, call).data);
      const best = await sampler.gumbelTopK(tensor, 5, call);
      expect(best.indices.data).toEqual(gumbelTopK(tensor, 5, call).indices.data);
      const soft = await sampler.gumbelSoftmax(tensor, { ...call, temperature: 0.3 });
      const reference = gumbelSoftmax(tensor, { ...call, temperature: 0.3 }).data;
      soft.data.forEach((value, i) => {
        expect(Math.abs(value - reference[i])).toBeLessThan(2 ** -16);
      });
    }
  });
});

describe("encoded into the caller's commands", () => {
  test.each(["encoder", "pass"])("of an %s, in one submit with other work, at byte offsets", async (kind) => {
    const logits = { buffer: bufferOf(data, 260), offset: 260 };
    const indices = { buffer: outputOf(100), offset: 4 * 65 };
    const encoder = device.createCommandEncoder();
    const pass = kind === "pass" ? encoder.beginComputePass() : undefined;
    const first = sampler.encode("categorical", pass ?? encoder, { logits, shape, indices, ...options });
    const other = { buffer: indices.buffer, offset: 4 * 80 };
    const second = sampler.encode("categorical", pass ?? encoder, {
      logits,
      shape,
      indices: other,
      key: foldIn(key(42), 1),
    });
    pass?.end();
    device.queue.submit([encoder.finish()]);
    for (const encoded of [first, second]) encoded.release();
    const all = Array.from(await sampler.read({ buffer: indices.buffer, shape: [100], type: "i32" }));
    const next = categorical({ data, shape }, { key: foldIn(key(42), 1) }).data;
    expect(all.slice(65, 71)).toEqual(expected);
    expect(all.slice(80, 86)).toEqual(Array.from(next));
    expect(all.filter((_, i) => i < 65 || (i >= 71 && i < 80) || i >= 86).every((value) => value === 0)).toBe(
      true,
    );
  });

  test("with options that are inherited, or getters of a class", async () => {
    const logits = { buffer: bufferOf(data), shape };
    const given = { ...options, temperature: 0.5 };
    class Call {
      indices = outputOf(6);
      get logits() {
        return logits;
      }
      get key() {
        return given.key;
      }
      get temperature() {
        return 0.5;
      }
    }
    const inherited = Object.assign(Object.create(given), { logits, indices: outputOf(6) });
    for (const call of [new Call(), inherited]) {
      const encoder = device.createCommandEncoder();
      sampler.encode("categorical", encoder, call);
      device.queue.submit([encoder.finish()]);
      const got = await sampler.read({ buffer: call.indices, shape: [6], type: "i32" });
      expect(Array.from(got)).toEqual(Array.from(categorical({ data, shape }, given).data));
    }
    const misspelt = Object.assign(Object.create({ temprature: 0.5 }), { logits, indices: outputOf(6) });
    expect(() => sampler.encode("categorical", device.createCommandEncoder(), misspelt)).toThrow(
      "categorical has no option temprature: did you mean temperature?",
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
      await encode(300, (e, words) => sampler.encode("bits", e, { shape, words, ...options })),
      sampler.bits(shape, options),
    );
    await same(
      await encode(300, (e, noise) => sampler.encode("gumbel", e, { shape, noise, ...options })),
      sampler.gumbel(shape, options),
    );
    await same(
      await encode(300, (e, y) => sampler.encode("softmax", e, { logits, shape, y })),
      sampler.softmax(tensor),
    );
    await same(
      await encode(300, (e, y) => sampler.encode("gumbelSoftmax", e, { logits, shape, y, ...soft })),
      sampler.gumbelSoftmax(tensor, soft),
    );
    await same(
      await encode(300, (e, gradient) =>
        sampler.encode("softmaxVjp", e, { logits, cotangent, shape, gradient }),
      ),
      sampler.softmaxVjp(tensor, cotangents, {}),
    );
    await same(
      await encode(300, (e, gradient) =>
        sampler.encode("gumbelSoftmaxVjp", e, { logits, cotangent, shape, gradient, ...soft }),
      ),
      sampler.gumbelSoftmaxVjp(tensor, cotangents, soft),
    );
    const indices = outputOf(12);
    await same(
      await encode(12, (e, values) =>
        sampler.encode("gumbelTopK", e, { logits, shape, k: 2, values, indices, ...options }),
      ),
      sampler.gumbelTopK(tensor, 2, options).then(({ values }) => values),
    );
  });

  test("prepare compiles what the encoded call then finds", async () => {
    const logits = bufferOf(data);
    const call = { logits, shape, y: outputOf(300), hard: true, precision: "jax", ...options } as const;
    await sampler.prepare("gumbelSoftmax", call);
    const create = device.createComputePipeline;
    let compiled = 0;
    device.createComputePipeline = (descriptor) => {
      compiled++;
      return create.call(device, descriptor);
    };
    try {
      const encoder = device.createCommandEncoder();
      sampler.encode("gumbelSoftmax", encoder, call);
      device.queue.submit([encoder.finish()]);
    } finally {
      device.createComputePipeline = create;
    }
    expect(compiled).toBe(0);
  });
});

test("an encoded gradient over no samples is zeros", async () => {
  const gradient = bufferOf(new Float32Array(6).fill(7), 0, STORAGE | COPY_SRC);
  const encoder = device.createCommandEncoder();
  sampler.encode("gumbelSoftmaxVjp", encoder, {
    logits: bufferOf(new Float32Array(6)),
    shape: [2, 3],
    cotangent: outputOf(1),
    sampleShape: [0],
    gradient,
    ...options,
  });
  device.queue.submit([encoder.finish()]);
  expect(Array.from(await sampler.read({ buffer: gradient, shape: [6] }))).toEqual([0, 0, 0, 0, 0, 0]);
});

describe("a row whose chunks are all masks but one", () => {
  const shape = [1, 100_000];
  const logits = new Float32Array(100_000).fill(Number.NEGATIVE_INFINITY);
  logits[70_001] = 3;
  logits[70_002] = -2;

  test.each([1, 0.5])("is sampled from what is left, at temperature %j", async (temperature) => {
    for (const subgroups of [true, false]) {
      const own = await createSampler(device, { subgroups });
      const soft = { temperature, ...options };
      const tensor = { data: logits, shape };
      const { data: sample } = await own.gumbelSoftmax(tensor, soft);
      const { data: reference } = gumbelSoftmax(tensor, soft);
      const cotangent = { data: new Float32Array(100_000).map((_, i) => i % 7), shape };
      const { data: gradient } = await own.gumbelSoftmaxVjp(tensor, cotangent, soft);
      for (const i of [0, 69_999, 70_000, 70_001, 70_002, 99_999]) {
        expect(Math.abs(sample[i] - reference[i])).toBeLessThan(2 ** -20);
        expect(gradient[i] === 0).toBe(reference[i] === 0);
      }
      expect(sample.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      own.dispose();
    }
  });
});

describe("float16", () => {
  /** All finite float16 values, by their bits. */
  const finite = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00,
  );
  const valueOfFloat16 = (bits: number): number => {
    const [exponent, mantissa] = [(bits >> 10) & 31, bits & 0x3ff];
    const size = exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
    return bits & 0x8000 ? -size : size;
  };

  test("every finite float16 is read as the float that it stands for", async () => {
    const count = finite.length;
    const values = Float32Array.from(finite, valueOfFloat16);
    // Rows of one category: the value is the logit plus the same noise.
    const shape = [count, 1];
    const ofFloat16 = await sampler.gumbelTopK({ data: finite, shape }, 1, options);
    const ofFloat32 = await sampler.gumbelTopK({ data: values, shape }, 1, options);
    expect(ofFloat16.values).toEqual(ofFloat32.values);
  });

  test("at an odd offset, with masks and degenerate rows as of floats", async () => {
    const [mask, infinite, nan] = [0xfc00, 0x7c00, 0x7e01];
    const rows = [0x3c00, mask, 0x4000, infinite, 0, 0, mask, mask, mask, nan, 0, 0x3c00, 0xbc00, 0x3800, 0];
    const halves = Uint16Array.from([0x3c00, ...rows]);
    const floats = Float32Array.from(rows, (bits) =>
      bits === mask ? -Infinity : bits === infinite ? Infinity : bits === nan ? NaN : valueOfFloat16(bits),
    );
    const logits = {
      buffer: bufferOf(halves, 0, STORAGE | COPY_SRC),
      offset: 2,
      type: "f16",
      shape: [5, 3],
    } as const;
    const made = await sampler.categorical(logits, options);
    const indices = Array.from(await sampler.read(made));
    const ofFloats = await sampler.categorical({ data: floats, shape: [5, 3] }, options);
    expect(indices).toEqual(Array.from(ofFloats.data));
    expect(indices.slice(1, 4)).toEqual([-1, -1, -1]);
  });
});

describe("an array means the same as in @gumbel/wasm", () => {
  const values = [1.5, -2, 0, 2 ** -24, Number.NEGATIVE_INFINITY, 65504, -0];
  const halves = "Uint16Array.of(0x3e00, 0xc000, 0, 1, 0xfc00, 0x7bff, 0x8000)";
  const many = { ...options, sampleShape: [50] };
  const { Float16Array = Float32Array } = globalThis as { Float16Array?: typeof Float32Array };
  const arrays: Readonly<Record<string, Float32Array | { data: Uint16Array; shape: number[] }>> = {
    "a Float32Array is one row": Float32Array.from(values),
    "that of another realm too": runInNewContext(`Float32Array.of(${values.join(", ")})`),
    "a Uint16Array holds the bits of float16": { data: runInNewContext(halves), shape: [7] },
    "a Float16Array holds numbers": { data: Float16Array.from(values) as never, shape: [7] },
  };

  test.each(Object.entries(arrays))("%s", async (_, logits) => {
    const expected = await sampler.categorical({ data: values, shape: [7] }, many);
    expect(await sampler.categorical(logits, many)).toEqual(expected);
    const uploaded = sampler.upload(logits);
    const indices = await sampler.read(await sampler.categorical(uploaded, many));
    expect(indices).toEqual(expected.data);
  });

  test("indices are integers in any array, and uploaded as int32 from one of another realm", async () => {
    const logits = { data: values, shape: [1, 7] };
    const ofIndices = (data: never) => sampler.logProb(logits, { data, shape: [1] });
    expect(await ofIndices(Uint16Array.of(5) as never)).toEqual(await ofIndices([5] as never));
    expect(sampler.upload({ data: runInNewContext("Int32Array.of(5)"), shape: [1] }).type).toBe("i32");
  });

  test("a shape belongs beside the values", async () => {
    await expect(sampler.categorical(Float32Array.of(1, 2), { shape: [2, 1] } as never)).rejects.toThrow(
      "categorical has no option shape: a tensor's shape stands beside its values, { data, shape }",
    );
    await expect(sampler.softmax(Float64Array.of(1, 2) as never)).rejects.toThrow(
      "logits must be a tensor { buffer, shape } or an array { data, shape }, got [1, 2]",
    );
  });
});

describe("sizes", () => {
  test.each([[[1, 1_000_000]], [[1_000_000, 4]]])(
    "categorical of %j is the reference's",
    async (shape) => {
      const data = logitsOf(shape[0] * shape[1]);
      const { data: indices } = await sampler.categorical({ data, shape }, options);
      const reference = categorical({ data, shape }, options).data;
      let different = 0;
      indices.forEach((index, row) => {
        if (index !== reference[row]) different++;
      });
      // Near-ties of a millionth: a few rows in a million.
      expect(different).toBeLessThanOrEqual(shape[0] * 1e-5);
    },
    240_000,
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
    const indices = await own.categorical({ buffer: logits, shape: [1, count] }, options);
    expect(Array.from(await own.read(indices))).toEqual([count - 2]);
    own.dispose();
    small.destroy();
  }, 240_000);

  test(shortened("pieces change no bit of any result", "of some operations"), async () => {
    // The same device, said to bind 16 KiB at most.
    const pieced = await createSampler(withLimits(device, { maxStorageBufferBindingSize: 16_384 }));
    const logits = { data: logitsOf(7500), shape: [3, 2500] };
    const cotangent = { data: logitsOf(7500).reverse(), shape: [3, 2500] };
    const float16 = {
      data: Uint16Array.from({ length: 20_000 }, (_, i) => (i * 7) % 0x4c00),
      shape: [2, 10_000],
    };
    const results = (each: WebGpuSampler) =>
      Promise.all([
        each.gumbelSoftmax(logits, { temperature: 0.5, ...options }),
        each.categorical(float16, options),
        ...(isFullRun
          ? [
              each.gumbelSoftmax(logits, options),
              each.gumbelSoftmaxVjp(logits, cotangent, options),
              each.gumbelSoftmaxVjp(logits, cotangent, { temperature: 0.5, ...options }),
              each.categorical(logits, options),
              each.gumbelTopK(logits, 300, options),
            ]
          : []),
      ]);
    expect(await results(pieced)).toEqual(await results(sampler));
    pieced.dispose();
  }, 240_000);

  test("a dispatch that takes two dimensions changes no bit of any result", async () => {
    // The same device, said to launch 7 workgroups in a dimension: more are needed, and not a multiple of that.
    const narrow = await createSampler(withLimits(device, { maxComputeWorkgroupsPerDimension: 7 }));
    for (const shape of [
      [40, 300],
      [1, 20_000],
      [500, 5],
    ]) {
      const logits = { data: logitsOf(shape[0] * shape[1]), shape };
      expect(await narrow.categorical(logits, options)).toEqual(await sampler.categorical(logits, options));
      expect(await narrow.gumbelSoftmax(logits, options)).toEqual(
        await sampler.gumbelSoftmax(logits, options),
      );
      expect(await narrow.gumbelTopK(logits, 2, options)).toEqual(
        await sampler.gumbelTopK(logits, 2, options),
      );
    }
    // 49 workgroups at most.
    await expect(narrow.categorical({ data: logitsOf(50 * 300), shape: [50, 300] }, options)).rejects.toThrow(
      /^logits make .* workgroups, more than maxComputeWorkgroupsPerDimension \(7\) squared/,
    );
    narrow.dispose();
  }, 240_000);

  test("gumbelTopK takes any k up to the whole row", async () => {
    const shape = [2, 2000];
    const data = logitsOf(4000);
    for (const k of [2, 16, 64, 256, 512, 513, 2000]) {
      const { indices } = await sampler.gumbelTopK({ data, shape }, k, options);
      expect(indices.data).toEqual(gumbelTopK({ data, shape }, k, options).indices.data);
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
    const soft = { temperature: 0.5, ...options };
    const logits = { data: logitsOf(12_000), shape: [4, 3000] };
    const { data: a } = await plain.gumbelSoftmax(logits, soft);
    const { data: b } = await sampler.gumbelSoftmax(logits, soft);
    const reference = gumbelSoftmax(logits, soft).data;
    a.forEach((value, i) => {
      expect(Math.abs(value - b[i])).toBeLessThan(2 ** -20);
      expect(Math.abs(value - reference[i])).toBeLessThan(2 ** -18);
    });
    plain.dispose();
  });
});
