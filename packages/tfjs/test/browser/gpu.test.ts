// What the suite cannot see of the GPU backends: nothing is read back, uploaded, compiled again or left behind, and
// tensors of every layout are understood.
import { createSampler as createReference } from "@gumbel/core";
import { operations, type ResolvedCategorical, resolveNoise } from "@gumbel/core/adapter";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createGpuKernels } from "../../src/gpu/create-kernels.ts";
import { tuneGlsl, tuneWgsl, untuned } from "../../src/gpu/swiftshader.ts";
import { createSampler, key, type TensorSampler, UnsupportedError } from "../../src/index.ts";
import { createWebglGpu } from "../../src/webgl/create-gpu.ts";
import { createWebgpuGpu } from "../../src/webgpu/create-gpu.ts";
import { tf } from "./start-backends.ts";

type Tensor = ReturnType<typeof tf.tensor>;

/** What the tests look into of the backends of TensorFlow.js. */
interface Internals {
  read(dataId: object): unknown;
  readSync(dataId: object): unknown;
  write(values: unknown, shape: number[], dtype: string): unknown;
  /** Compiled programs, of webgl and of webgpu. */
  binaryCache?: Record<string, unknown>;
  pipelineCache?: Record<string, unknown>;
}

/** Every operation but `bits`, once; the tensors that it gave. */
function everyOperation(sampler: TensorSampler<Tensor>, logits: Tensor, seed: number, place = {}): Tensor[] {
  const temperature = 0.5 + (seed % 7);
  const noiseOptions = { key: key(seed), ...place };
  const options = { ...noiseOptions, temperature };
  const { values, indices } = sampler.gumbelTopK(logits, 2, options);
  const drawn = sampler.categorical(logits, { ...options });
  return [
    sampler.gumbel([2, 3], noiseOptions),
    sampler.gumbel([2, 3], { ...noiseOptions, precision: "jax" }),
    sampler.gumbelSoftmax(logits, options),
    sampler.gumbelSoftmax(logits, { ...options, hard: true }),
    sampler.gumbelSoftmaxVjp(logits, logits, options),
    sampler.softmax(logits, { temperature }),
    drawn,
    sampler.logProb(logits, drawn, { temperature }),
    sampler.conditionalGumbel(logits, drawn, options),
    sampler.softmaxVjp(logits, logits),
    sampler.categorical(logits, { ...options, sampleShape: [3] }),
    values,
    indices,
    ...[
      {},
      ...(["reinmax", "gapped"] as const).map((estimator) => ({ estimator })),
      { estimator: "gapped" as const, gap: "expected" as const },
      { estimator: "gumbel-rao" as const, draws: 2 },
      { backwardTemperature: 0.3 },
    ].flatMap((estimator) =>
      tf.grads((x: Tensor) => tf.sum(sampler.gumbelSoftmax(x, { ...options, hard: true, ...estimator })))([
        logits,
      ]),
    ),
  ];
}

describe.each(["webgl", "webgpu"])("on %s", (name) => {
  let sampler: TensorSampler<Tensor>;
  let logits: Tensor;

  beforeEach(async () => {
    await tf.setBackend(name);
    await tf.ready();
    expect(tf.getBackend()).toBe(name);
    sampler = createSampler(tf);
    logits = tf.tensor([0, 1, 2, Number.NEGATIVE_INFINITY, 1, 0, 3, 2, 1, 0, 0, 0], [3, 4]);
    return () => logits.dispose();
  });

  it("1,000 calls leave as many tensors and buffers as before, in a tidy and outside one", () => {
    const before = tf.memory();
    for (let call = 0; call < 50; call++) {
      tf.tidy(() => void everyOperation(sampler, logits, call));
      tf.dispose(everyOperation(sampler, logits, call));
    }
    const { numTensors, numDataBuffers } = tf.memory();
    expect({ numTensors, numDataBuffers }).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
  });

  it("neither logits nor anything else is read back, and no noise is uploaded", () => {
    const onGpu = tf.add(logits, 0);
    const backend = tf.backend() as unknown as Internals;
    const reads = (["read", "readSync"] as const).map((method) => vi.spyOn(backend, method));
    const write = vi.spyOn(backend, "write");
    tf.tidy(() => void sampler.gumbel([700]));
    tf.tidy(() => void sampler.gumbelSoftmax(onGpu));
    tf.tidy(() => void sampler.gumbelSoftmax(onGpu, { hard: true }));
    tf.tidy(() => void sampler.gumbelSoftmaxVjp(onGpu, onGpu, { key: key(1) }));
    tf.tidy(() => void sampler.categorical(onGpu));
    tf.tidy(() => void sampler.gumbelTopK(onGpu, 3));
    tf.tidy(() => void sampler.logProb(onGpu, sampler.categorical(onGpu)));
    for (const read of reads) expect(read).not.toHaveBeenCalled();
    // A write without values makes room for a result.
    expect(write).toHaveBeenCalled();
    expect(write.mock.calls.filter(([values]) => values != null)).toEqual([]);
    vi.restoreAllMocks();
    onGpu.dispose();
  });

  it("a categorical sample of short rows is one program, noise included", () => {
    const method = name === "webgl" ? "runWebGLProgram" : "runWebGPUProgram";
    // Not packed, as most results of TensorFlow.js are on webgl: it would unpack them first.
    const onGpu = sampler.gumbel([3, 4]);
    const programs = vi.spyOn(tf.backend() as unknown as Record<typeof method, () => unknown>, method);
    tf.tidy(() => void sampler.categorical(onGpu, { sampleShape: [5] }));
    expect(programs).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
    onGpu.dispose();
  });

  it.each([false, true])("what tf.grad records is the reference's gradient, hard: %s", async (hard) => {
    const cotangent = tf.tensor(
      [...Array(24).keys()].map((n) => Math.sin(n)),
      [2, 3, 4],
    );
    const options = { key: key(9), temperature: 0.6, hard, sampleShape: [2] };
    const gradient = tf.grad((x) => sampler.gumbelSoftmax(x, options))(logits, cotangent);
    const plain = async (tensor: Tensor) => ({ data: await tensor.data<"float32">(), shape: tensor.shape });
    const expected = createReference().gumbelSoftmaxVjp(await plain(logits), await plain(cotangent), options);
    (await gradient.data<"float32">()).forEach((value, i) => {
      expect(value).toBeCloseTo(expected.data[i], 5);
    });
    const ofValues = tf.grad((x) => sampler.gumbelTopK(x, 2, { key: key(9) }).values)(
      logits,
      tf.ones([3, 2]),
    );
    const indices = await sampler.gumbelTopK(logits, 2, { key: key(9) }).indices.data<"int32">();
    const held = new Float32Array(12);
    indices.forEach((category, i) => {
      held[4 * (i >> 1) + category] = 1;
    });
    expect(await ofValues.data()).toEqual(held);
  });

  it("keys, offsets, strides and temperatures compile nothing new", () => {
    const programs = () => {
      const { binaryCache, pipelineCache } = tf.backend() as unknown as Internals;
      return Object.keys(binaryCache ?? pipelineCache ?? {}).length;
    };
    tf.tidy(() => void everyOperation(sampler, logits, 0));
    const before = programs();
    expect(before).toBeGreaterThan(0);
    for (let seed = 1; seed < 20; seed++) {
      const place = { offset: seed * 2 ** 33 + seed, rowStride: 4 + seed * 1e9 };
      tf.tidy(() => void everyOperation(sampler, logits, seed, place));
    }
    expect(programs()).toBe(before);
  });

  it("reads packed, sliced, transposed and reshaped logits as what they say", async () => {
    const [a, b] = [tf.tensor([...Array(35).keys()], [5, 7]), tf.tensor([...Array(42).keys()], [7, 6])];
    const product = tf.mul(tf.matMul(a, b), 1e-3);
    const layouts = [
      product,
      tf.transpose(product),
      tf.slice(product, [1, 2], [3, 3]),
      tf.slice(product, [2, 0], [2, 6]),
      tf.reshape(product, [2, 5, 3]),
      tf.reshape(tf.matMul(a, b), [30]),
      tf.slice(tf.reshape(product, [30]), [7], [11]),
    ];
    const reference = createReference();
    for (const layout of layouts) {
      const options = { key: key(7), axis: 0 };
      const soft = sampler.gumbelSoftmax(layout, options);
      const index = sampler.categorical(layout, options);
      // Only now: reading a tensor takes it off the GPU, and gives it another layout when it comes back.
      const plain = { data: await layout.data<"float32">(), shape: layout.shape };
      const expected = reference.gumbelSoftmax(plain, options).data;
      const got = await soft.data<"float32">();
      expect(soft.shape).toEqual(layout.shape);
      got.forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThan(2 ** -16);
      });
      expect([...(await index.data<"int32">())]).toEqual([...reference.categorical(plain, options).data]);
    }
  });

  it("results go on through other operations as the tensors they look like", async () => {
    const wide = tf.tensor(
      [...Array(15).keys()].map((n) => n / 5),
      [1, 3, 1, 5],
    );
    const y = sampler.gumbelSoftmax(wide, { key: key(3), sampleShape: [2] });
    const sums = await tf.sum(y, -1).data<"float32">();
    sums.forEach((sum) => {
      expect(sum).toBeCloseTo(1, 5);
    });
    const flat = tf.matMul(tf.reshape(y, [6, 5]), tf.ones([5, 2]));
    (await flat.data<"float32">()).forEach((sum) => {
      expect(sum).toBeCloseTo(1, 5);
    });
    const { indices } = sampler.gumbelTopK(wide, 5, { key: key(3) });
    const total = await tf.sum(indices, -1).data<"int32">();
    expect([...total]).toEqual([10, 10, 10]);
  });

  it("shaders for a GPU and for a CPU that stands in for one draw the same noise", async () => {
    const [plain, tuned] = [untuned, name === "webgl" ? tuneGlsl : tuneWgsl].map((tuning) =>
      createGpuKernels(tf, name === "webgl" ? createWebglGpu(tf, tuning) : createWebgpuGpu(tf, tuning)),
    );
    for (const precision of ["full", "jax"] as const) {
      // An odd size, and rows that do not follow one another.
      for (const place of [{}, { offset: 2 ** 33 + 5, rowStride: 2 ** 31 + 11 }]) {
        const noise = resolveNoise([7, 333], { key: key(2 ** 40 + 9), precision, ...place });
        const expected = await plain.gumbel(noise, {}).noise.data();
        expect(await tuned.gumbel(noise, {}).noise.data()).toEqual(expected);
        const options = { key: key(3), precision, ...place };
        const call = operations.categorical.resolve({ shape: [7, 333] }, options) as ResolvedCategorical;
        const inputs = { logits: tf.zeros([7, 333]) };
        const indices = await plain.categorical(call, inputs).indices.data();
        expect(await tuned.categorical(call, inputs).indices.data()).toEqual(indices);
      }
    }
  });

  it("words of bits come back whole", async () => {
    const words = await sampler.bits([100], { key: key(11) }).data<"int32">();
    const expected = createReference().bits([100], { key: key(11) }).data;
    expect([...words].map((word) => word >>> 0)).toEqual([...expected]);
  });
});

it.each([
  { flag: "WEBGL_VERSION", value: 1, lack: "without WebGL2" },
  { flag: "WEBGL_RENDER_FLOAT32_ENABLED", value: false, lack: "without 32-bit float textures" },
])("webgl $lack is refused by name", async ({ flag, value, lack }) => {
  await tf.setBackend("webgl");
  const before = tf.env().get(flag);
  tf.env().set(flag, value);
  try {
    expect(() => createSampler(tf).gumbel([2])).toThrow(
      new UnsupportedError("sampling", `the TensorFlow.js backend "webgl" ${lack}`),
    );
  } finally {
    tf.env().set(flag, before);
  }
});
