// jax-js, jitted, as its own users write it, on one of its devices.
import { blockUntilReady, defaultDevice, grad, init, jit, nn, numpy as np, random } from "@jax-js/jax";
import type { Contestant, Entry, Inputs, Ready } from "../contestant.ts";

type JaxArray = ReturnType<typeof np.array>;

/**
 * The contestant on a device.
 *
 * @throws Error where the device does not start
 */
export async function jaxJs(device: "wasm" | "webgpu"): Promise<Contestant[]> {
  const started = await init(device);
  if (!started.includes(device)) throw new Error(`jax-js does not start on ${device}`);
  defaultDevice(device);

  const entry = (
    how: string,
    make: (shape: Inputs["shape"]) => (key: JaxArray, logits: JaxArray, cotangent: JaxArray) => JaxArray,
  ): Entry => ({
    how,
    async prepare({ shape, logits: values, cotangent: cotangents }) {
      const array = (data: Float32Array<ArrayBuffer>) => np.array(data).reshape([...shape]);
      const [logits, cotangent, run] = [array(values), array(cotangents), make(shape)];
      let index = 0;
      let made: JaxArray[] = [];
      return {
        queue(times) {
          // All are kept until they are done: what is disposed before is never computed.
          for (let i = 0; i < times; i++) made.push(run(random.key(index++), logits.ref, cotangent.ref));
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
          cotangent.dispose();
        },
      } satisfies Ready;
    },
  });
  /** Drops what a function does not use: jax-js counts references. */
  const using = (key: JaxArray | undefined, ...unused: JaxArray[]) => {
    for (const each of unused) each.dispose();
    return key!;
  };
  const soft = jit((key: JaxArray, logits: JaxArray) => {
    const { shape } = logits;
    return nn.softmax(logits.add(random.gumbel(key, shape)), -1);
  });
  const categorical = jit((key: JaxArray, logits: JaxArray) => random.categorical(key, logits, { axis: -1 }));
  const gradient = jit((key: JaxArray, logits: JaxArray, cotangent: JaxArray) => {
    const noise = random.gumbel(key, logits.shape);
    return grad((x: JaxArray) => nn.softmax(x.add(noise), -1).mul(cotangent).sum())(logits);
  });
  const softmax = jit((logits: JaxArray) => nn.softmax(logits, -1));
  return [
    {
      id: `jax-js-${device}`,
      name: `jax-js (${device})`,
      family: device,
      ours: false,
      library: "@jax-js/jax",
      stream: "jax-js",
      operations: {
        categorical: entry("jit(random.categorical)", () => (key, logits, cotangent) => {
          using(undefined, cotangent);
          return categorical(key, logits);
        }),
        gumbelSoftmax: entry("jit(nn.softmax(logits + random.gumbel))", () => (key, logits, cotangent) => {
          using(undefined, cotangent);
          return soft(key, logits);
        }),
        gumbelSoftmaxVjp: entry("jit(grad of the same)", () => gradient),
        gumbel: entry("jit(random.gumbel)", (shape) => {
          const gumbel = jit((key: JaxArray) => random.gumbel(key, [...shape]));
          return (key, ...unused) => gumbel(using(key, ...unused));
        }),
        bits: entry("jit(random.bits)", (shape) => {
          const bits = jit((key: JaxArray) => random.bits(key, [...shape]));
          return (key, ...unused) => bits(using(key, ...unused));
        }),
        softmax: entry("jit(nn.softmax)", () => (key, logits, cotangent) => {
          using(undefined, key, cotangent);
          return softmax(logits);
        }),
      },
    },
  ];
}
