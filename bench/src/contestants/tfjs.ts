// TensorFlow.js on one of its backends: our sampler, the composition that its users write, and its multinomial.
import { createSampler } from "@gumbel/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type Contestant, entriesOf, repeat } from "../contestant.ts";
import { FILTERS } from "../filtered.ts";
import { CONFORMING, ofSampler } from "./of-sampler.ts";

const COMPOSED = {
  categorical: "tf.argMax(logits − log(−log(tf.randomUniform)))",
  gumbelSoftmax: "tf.softmax(logits − log(−log(tf.randomUniform)))",
  gumbelSoftmaxVjp: "tf.grad of the same",
  gumbel: "−log(−log(tf.randomUniform))",
  bits: "tf.randomUniform",
  softmax: "tf.softmax(logits)",
  topK: "tf.topk(logits, 50), tf.argMax(values − log(−log(tf.randomUniform))), tf.oneHot",
  minP: "tf.argMax(tf.where(logits ≥ max + log 0.05, logits − log(−log(tf.randomUniform)), −∞))",
} as const;

/** The contestants of a backend; rejects where that does not start. */
export async function tfjs(backend: string): Promise<Contestant[]> {
  if (!(await tf.setBackend(backend))) throw new Error(`the backend "${backend}" does not start`);
  await tf.ready();
  const host = {
    begin: async () => {
      if (tf.getBackend() !== backend) await tf.setBackend(backend);
    },
    finish: () => computed(backend),
    read: async (tensor: tf.Tensor) => tensor.data(),
    release: (tensor: tf.Tensor) => tensor.dispose(),
  };
  const ours = ofSampler<tf.Tensor>({
    ...host,
    sampler: createSampler(tf),
    fromArray: ({ data, shape }) => tf.tensor(data, [...shape]),
  });

  const entries = (hows: Partial<typeof COMPOSED> | { categorical: string }, isMultinomial = false) =>
    entriesOf(hows as typeof COMPOSED, async (operation, { shape: [rows, categories], ...data }) => {
      await host.begin();
      const shape: [number, number] = [rows, categories];
      const [logits, cotangent] = [tf.tensor2d(data.logits, shape), tf.tensor2d(data.cotangent, shape)];
      const noise = (seed: number, of = shape) =>
        tf.neg(tf.log(tf.neg(tf.log(tf.randomUniform(of, 1e-20, 1, "float32", seed)))));
      const soft = (x: tf.Tensor, seed: number) => tf.softmax(tf.add(x, noise(seed)));
      const calls = {
        categorical: (seed: number) =>
          isMultinomial ? tf.multinomial(logits, 1, seed) : tf.argMax(tf.add(logits, noise(seed)), -1),
        gumbelSoftmax: (seed: number) => soft(logits, seed),
        gumbelSoftmaxVjp: (seed: number) => tf.grad((x) => tf.sum(tf.mul(cotangent, soft(x, seed))))(logits),
        gumbel: (seed: number) => noise(seed),
        bits: (seed: number) => tf.randomUniform(shape, 0, 1, "float32", seed),
        softmax: () => tf.softmax(logits),
        topK(seed: number) {
          const k = Math.min(FILTERS.topK.topK, categories);
          const { values, indices } = tf.topk(logits, k);
          const place = tf.argMax(tf.add(values, noise(seed, [rows, k])), -1);
          // Its gather by rows reads beyond its memory on WebAssembly.
          return tf.sum(tf.mul(indices, tf.oneHot(place, k, 1, 0, "int32")), -1);
        },
        minP(seed: number) {
          const least = tf.add(tf.max(logits, -1, true), Math.log(FILTERS.minP.minP));
          const isKept = tf.greaterEqual(logits, least);
          return tf.argMax(tf.where(isKept, tf.add(logits, noise(seed)), Number.NEGATIVE_INFINITY), -1);
        },
      };
      // Seed 0 is no seed.
      const run = (index: number): tf.Tensor => tf.tidy(() => calls[operation](index + 1));
      return repeat<tf.Tensor>({ ...host, run, dispose: () => tf.dispose([logits, cotangent]) });
    });
  const base = { family: "tfjs", library: "@tensorflow/tfjs" } as const;
  return [
    {
      id: `gumbel-tfjs-${backend}`,
      name: `@gumbel/tfjs (${backend})`,
      family: "tfjs",
      library: "@gumbel/tfjs",
      ...CONFORMING,
      operations: ours,
    },
    {
      ...base,
      id: `tfjs-${backend}-composed`,
      name: `TensorFlow.js operations composed (${backend})`,
      stream: "TensorFlow.js, composed",
      operations: entries(COMPOSED),
    },
    {
      ...base,
      id: `tfjs-${backend}-multinomial`,
      name: `tf.multinomial (${backend})`,
      stream: "tf.multinomial",
      operations: entries({ categorical: "tf.multinomial(logits, 1)" }, true),
    },
  ];
}

/** The part of TensorFlow.js's GPU backends that is used beside their public interface. */
interface GpuBackend {
  readonly gpgpu: { createAndWaitForFence(): Promise<void> };
  readonly device: GPUDevice;
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** Waits until the current backend has computed everything. Reading a value would do, but adds an operation. */
async function computed(backend: string): Promise<void> {
  const gpu = tf.backend() as unknown as GpuBackend;
  if (backend === "webgl") await gpu.gpgpu.createAndWaitForFence();
  if (backend !== "webgpu") return;
  // TensorFlow.js submits by itself once enough has gathered; then nothing is left.
  if (gpu.commandEncoder !== null) {
    gpu.endComputePassEncoder();
    gpu.submitQueue();
  }
  await gpu.device.queue.onSubmittedWorkDone();
}
