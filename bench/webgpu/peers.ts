// The peers, each as its own users write it, on the device that it makes for itself.
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, random } from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import type { Contestant, Ready, Task } from "./contestant.ts";

/** All peers that start here. One that does not says why on the console. */
export async function peers(): Promise<Contestant[]> {
  const found: Contestant[] = [];
  for (const start of [jaxJs, tensorflow]) {
    try {
      found.push(...(await start()));
    } catch (error) {
      console.error(`${start.name} does not start: ${error}`);
    }
  }
  return found;
}

type JaxArray = ReturnType<typeof np.array>;

async function jaxJs(): Promise<Contestant[]> {
  await init("webgpu");
  defaultDevice("webgpu");
  const categorical = jit((key: JaxArray, logits: JaxArray) => random.categorical(key, logits, { axis: -1 }));
  const soft = jit((key: JaxArray, logits: JaxArray) => {
    const { shape } = logits;
    return nn.softmax(logits.add(random.gumbel(key, shape)), -1);
  });
  const make = (
    name: string,
    task: Task,
    run: (key: JaxArray, logits: JaxArray) => JaxArray,
  ): Contestant => ({
    name,
    task,
    async prepare(shape, values) {
      const logits = np.array(values as Float32Array<ArrayBuffer>).reshape([...shape]);
      let step = 0;
      let made: JaxArray[] = [];
      return {
        queue(times) {
          // All are kept until they are done: what is disposed before is never computed.
          for (let i = 0; i < times; i++) made.push(run(random.key(step++), logits.ref));
        },
        async done() {
          await blockUntilReady(made);
          for (const each of made.splice(0, made.length - 1)) each.dispose();
        },
        result: async () => (await made[0].ref.data()) as unknown as ArrayLike<number>,
        dispose() {
          for (const each of made) each.dispose();
          made = [];
          logits.dispose();
        },
      } satisfies Ready;
    },
  });
  return [
    make("jax-js categorical", "categorical", categorical),
    make("jax-js softmax of gumbel", "gumbelSoftmax", soft),
  ];
}

async function tensorflow(): Promise<Contestant[]> {
  if (!(await tf.setBackend("webgpu"))) throw new Error("no webgpu backend");
  await tf.ready();
  const backend = tf.backend() as unknown as {
    commandEncoder: GPUCommandEncoder | null;
    endComputePassEncoder(): void;
    submitQueue(): void;
    device: GPUDevice;
  };
  const perturbed = (logits: tf.Tensor2D) =>
    tf.sub(logits, tf.log(tf.neg(tf.log(tf.randomUniform(logits.shape, 1e-20, 1)))));
  const make = (name: string, task: Task, run: (logits: tf.Tensor2D) => tf.Tensor): Contestant => ({
    name,
    task,
    async prepare(shape, values) {
      const logits = tf.tensor2d(values, [...shape]);
      let last: tf.Tensor | undefined;
      return {
        queue(times) {
          for (let i = 0; i < times; i++) {
            last?.dispose();
            last = tf.tidy(() => run(logits));
          }
          // TensorFlow.js submits by itself once enough has gathered; then nothing is left.
          if (backend.commandEncoder === null) return;
          backend.endComputePassEncoder();
          backend.submitQueue();
        },
        done: () => backend.device.queue.onSubmittedWorkDone(),
        result: async () => last!.data(),
        dispose() {
          last?.dispose();
          logits.dispose();
        },
      } satisfies Ready;
    },
  });
  return [
    make("tfjs argMax of composed noise", "categorical", (logits) => tf.argMax(perturbed(logits), -1)),
    make("tfjs multinomial", "categorical", (logits) => tf.squeeze(tf.multinomial(logits, 1), [1])),
    make("tfjs softmax of composed noise", "gumbelSoftmax", (logits) =>
      tf.softmax(perturbed(logits) as tf.Tensor2D),
    ),
  ];
}
