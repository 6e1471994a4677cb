// TensorFlow.js on one of its backends: our sampler, the composition that its users write, and its multinomial.
import { createSampler, type SamplerOptions } from "@gumbel/tfjs";
import { createEngine } from "@gumbel/wasm";
import * as tf from "@tensorflow/tfjs";
import type { Contestant, Entry, Inputs } from "../contestant.ts";
import { ofSampler } from "./of-sampler.ts";
import { repeat } from "./repeat.ts";

/**
 * The contestants of a backend.
 *
 * @throws Error where the backend does not start
 */
export async function tfjs(backend: string): Promise<Contestant[]> {
  if (!(await tf.setBackend(backend))) throw new Error(`the backend "${backend}" does not start`);
  await tf.ready();
  const begin = async () => {
    if (tf.getBackend() !== backend) await tf.setBackend(backend);
  };
  const isGpu = backend === "webgl" || backend === "webgpu";
  const finish = () => settled(backend);
  const read = async (tensor: tf.Tensor) => tensor.data();
  const release = (tensor: tf.Tensor) => tensor.dispose();

  const composed = (
    how: string,
    run: (logits: tf.Tensor2D, cotangent: tf.Tensor2D, shape: Inputs["shape"], seed: number) => tf.Tensor,
  ): Entry => ({
    how,
    async prepare({ shape, logits, cotangent }) {
      await begin();
      const tensors = [tf.tensor2d(logits, [...shape]), tf.tensor2d(cotangent, [...shape])] as const;
      return repeat<tf.Tensor>({
        // Seed 0 is no seed.
        run: (index) => tf.tidy(() => run(...tensors, shape, index + 1)),
        begin,
        finish,
        read,
        release,
        dispose: () => tf.dispose([...tensors]),
      });
    },
  });
  const noise = (shape: Inputs["shape"], seed: number) =>
    tf.neg(tf.log(tf.neg(tf.log(tf.randomUniform([...shape], 1e-20, 1, "float32", seed)))));
  const perturbed = (logits: tf.Tensor2D, seed: number) =>
    tf.add(logits, noise(logits.shape, seed)) as tf.Tensor2D;
  const ours = (id: string, name: string, options: SamplerOptions): Contestant => ({
    id,
    name,
    family: "tfjs",
    ours: true,
    library: "@gumbel/tfjs",
    stream: "gumbel",
    conforms: true,
    operations: ofSampler<tf.Tensor>({
      sampler: createSampler(tf, options),
      fromArray: ({ data, shape }) => tf.tensor(data, [...shape]),
      begin,
      finish,
      read,
      release,
    }),
  });
  const base = { family: "tfjs", ours: false, library: "@tensorflow/tfjs" } as const;
  return [
    ours(`gumbel-tfjs-${backend}`, `@gumbel/tfjs (${backend})`, {}),
    // On the other backends the GPU computes.
    ...(isGpu
      ? []
      : [
          ours(`gumbel-tfjs-${backend}-engine`, `@gumbel/tfjs with @gumbel/wasm's engine (${backend})`, {
            engine: await createEngine(),
          }),
        ]),
    {
      ...base,
      id: `tfjs-${backend}-composed`,
      name: `TensorFlow.js operations composed (${backend})`,
      stream: "TensorFlow.js, composed",
      operations: {
        categorical: composed("tf.argMax(logits − log(−log(tf.randomUniform)))", (logits, _, _shape, seed) =>
          tf.argMax(perturbed(logits, seed), -1),
        ),
        gumbelSoftmax: composed(
          "tf.softmax(logits − log(−log(tf.randomUniform)))",
          (logits, _, _shape, seed) => tf.softmax(perturbed(logits, seed)),
        ),
        gumbelSoftmaxVjp: composed("tf.grad of the same", (logits, cotangent, _, seed) =>
          tf.grad((x) => tf.sum(tf.mul(cotangent, tf.softmax(perturbed(x as tf.Tensor2D, seed)))))(logits),
        ),
        gumbel: composed("−log(−log(tf.randomUniform))", (_, _cotangent, shape, seed) => noise(shape, seed)),
        bits: composed("tf.randomUniform", (_, _cotangent, shape, seed) =>
          tf.randomUniform([...shape], 0, 1, "float32", seed),
        ),
        softmax: composed("tf.softmax(logits)", (logits) => tf.softmax(logits)),
      },
    },
    {
      ...base,
      id: `tfjs-${backend}-multinomial`,
      name: `tf.multinomial (${backend})`,
      stream: "tf.multinomial",
      operations: {
        categorical: composed("tf.multinomial(logits, 1)", (logits, _, _shape, seed) =>
          tf.multinomial(logits, 1, seed),
        ),
      },
    },
  ];
}

/** What is used of TensorFlow.js's GPU backends beside their public interface. */
interface GpuBackend {
  readonly gpgpu: { createAndWaitForFence(): Promise<void> };
  readonly device: GPUDevice;
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** Waits until the current backend has computed everything. Reading a value would do, but is an operation more. */
async function settled(backend: string): Promise<void> {
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
