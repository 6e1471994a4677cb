// jax-js, jitted, as its own users write it, on one of its devices.
import { blockUntilReady, defaultDevice, grad, init, jit, nn, numpy as np, random } from "@jax-js/jax";
import { type Contestant, entriesOf } from "../contestant.ts";

type JaxArray = ReturnType<typeof np.array>;

const CALLS = {
  categorical: "jit(random.categorical)",
  gumbelSoftmax: "jit(nn.softmax(logits + random.gumbel))",
  gumbelSoftmaxVjp: "jit(grad of the same)",
  gumbel: "jit(random.gumbel)",
  bits: "jit(random.bits)",
  softmax: "jit(nn.softmax)",
} as const;

/** The contestant on a device; rejects where that does not start. */
export async function jaxJs(device: "wasm" | "webgpu"): Promise<Contestant[]> {
  if (!(await init(device)).includes(device)) throw new Error(`jax-js does not start on ${device}`);
  defaultDevice(device);
  const perturbed = (key: JaxArray, logits: JaxArray) => {
    const { shape } = logits;
    return logits.add(random.gumbel(key, shape));
  };
  const categorical = jit((key: JaxArray, logits: JaxArray) => random.categorical(key, logits, { axis: -1 }));
  const soft = jit((key: JaxArray, logits: JaxArray) => nn.softmax(perturbed(key, logits), -1));
  const gradient = jit((key: JaxArray, logits: JaxArray, cotangent: JaxArray) => {
    const noise = random.gumbel(key, logits.shape);
    return grad((x: JaxArray) => nn.softmax(x.add(noise), -1).mul(cotangent).sum())(logits);
  });
  const softmax = jit((logits: JaxArray) => nn.softmax(logits, -1));

  const operations = entriesOf(CALLS, async (operation, { shape, ...data }) => {
    const array = (values: Float32Array<ArrayBuffer>) => np.array(values).reshape([...shape]);
    const [logits, cotangent] = [array(data.logits), array(data.cotangent)];
    const gumbel = jit((key: JaxArray) => random.gumbel(key, [...shape]));
    const bits = jit((key: JaxArray) => random.bits(key, [...shape]));
    // Calls consume a reference to each array that they are given.
    const calls = {
      categorical: (run: number) => categorical(random.key(run), logits.ref),
      gumbelSoftmax: (run: number) => soft(random.key(run), logits.ref),
      gumbelSoftmaxVjp: (run: number) => gradient(random.key(run), logits.ref, cotangent.ref),
      gumbel: (run: number) => gumbel(random.key(run)),
      bits: (run: number) => bits(random.key(run)),
      softmax: () => softmax(logits.ref),
    };
    let index = 0;
    const made: JaxArray[] = [];
    return {
      queue(times) {
        // All are kept until they are done: what is disposed before is never computed.
        for (let i = 0; i < times; i++) made.push(calls[operation](index++));
      },
      async done() {
        await blockUntilReady(made);
        for (const each of made.splice(0, made.length - 1)) each.dispose();
      },
      result: async () => (await made[0].ref.data()) as unknown as ArrayLike<number>,
      dispose() {
        for (const each of [...made.splice(0), logits, cotangent]) each.dispose();
      },
    };
  });
  const about = { id: `jax-js-${device}`, name: `jax-js (${device})`, library: "@jax-js/jax" };
  return [{ ...about, family: device, stream: "jax-js", operations }];
}
