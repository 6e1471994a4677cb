// Nothing but results stays alive; what cannot be sampled from is refused by name.
import { beforeAll, describe, expect, it } from "vitest";
import { createSampler, key, type TensorSampler } from "../src/index.ts";
import { NODE_BACKENDS, tf } from "./start-backends.ts";

type Tensor = ReturnType<typeof tf.tensor>;

/** Every operation once; the tensors that it gave. */
function everyOperation(sampler: TensorSampler<Tensor>, logits: Tensor, seed: number): Tensor[] {
  const options = { key: key(seed) };
  const drawn = sampler.categorical(logits, options);
  const { values, indices } = sampler.gumbelTopK(logits, 2, options);
  const [gradient] = tf.grads((x: Tensor) => tf.sum(sampler.gumbelSoftmax(x, { ...options, hard: true })))([
    logits,
  ]);
  return [
    sampler.bits([2, 3], options),
    sampler.gumbel([2, 3], options),
    sampler.gumbelSoftmax(logits, options),
    sampler.gumbelSoftmax(logits, { ...options, hard: true }),
    sampler.gumbelSoftmaxVjp(logits, logits, options),
    sampler.softmax(logits),
    sampler.softmaxVjp(logits, logits),
    drawn,
    sampler.logProb(logits, drawn),
    values,
    indices,
    gradient,
  ];
}

describe.each(NODE_BACKENDS)("on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  it("1,000 calls leave as many tensors and buffers as before, in a tidy and outside one", () => {
    const sampler = createSampler(tf);
    const inputs = [tf.ones([3, 4]), tf.ones([3, 4], "int32"), tf.ones([3, 0])];
    const [numbers] = inputs;
    const before = tf.memory();
    for (let call = 0; call < 100; call++) {
      tf.tidy(() => void everyOperation(sampler, numbers, call));
      tf.dispose(everyOperation(sampler, numbers, call));
      tf.dispose(sampler.gumbelSoftmax(inputs[1]));
      tf.dispose(sampler.gumbelSoftmax(inputs[2]));
      expect(() => sampler.gumbelSoftmax(numbers, { temperature: 0 })).toThrow(RangeError);
    }
    const { numTensors, numDataBuffers } = tf.memory();
    expect({ numTensors, numDataBuffers }).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
    tf.dispose(inputs);
  });

  it("exactly the results of a call outlive it", () => {
    const sampler = createSampler(tf);
    const logits = tf.ones([3, 4], "int32");
    const before = tf.memory().numTensors;
    const results = tf.tidy(() => ({ ...sampler.gumbelTopK(logits, 2) }));
    expect(tf.memory().numTensors).toBe(before + 2);
    sampler.gumbelSoftmax(logits).dispose();
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([results.values, results.indices, logits]);
  });

  it("what is no living numeric tensor is refused by name", () => {
    const sampler = createSampler(tf);
    const logits = tf.ones([2, 2]);
    expect(() => sampler.softmax([[1, 2]] as never)).toThrow(
      new TypeError("logits must be a tf.Tensor, got [[1, 2]]"),
    );
    expect(() => sampler.softmax(undefined as never)).toThrow("logits must be a tf.Tensor, got undefined");
    expect(() => sampler.softmaxVjp(logits, 1 as never)).toThrow("cotangent must be a tf.Tensor, got 1");
    expect(() => sampler.softmax(tf.tensor(["a"]))).toThrow("float32, int32 or bool, got string");
    logits.dispose();
    expect(() => sampler.softmax(logits)).toThrow("logits must be alive");
  });

  it("a disposed sampler refuses every call", () => {
    const sampler = createSampler(tf);
    sampler.dispose();
    sampler.dispose();
    expect(() => sampler.bits([2])).toThrow("the sampler is disposed");
  });
});

it("one sampler follows tf.setBackend, and a key means the same on each", async () => {
  const sampler = createSampler(tf);
  const samples: number[][] = [];
  for (const backend of NODE_BACKENDS) {
    await tf.setBackend(backend);
    expect(sampler.backend).toBe(`tfjs-${backend}`);
    samples.push(Array.from(sampler.gumbelSoftmax(tf.zeros([50, 7]), { key: key(42) }).dataSync()));
  }
  expect(samples[1]).toEqual(samples[0]);
});

it("what is no TensorFlow.js namespace is refused at once", () => {
  for (const wrong of [undefined, null, {}, tf.tensor, { default: tf }]) {
    expect(() => createSampler(wrong as never)).toThrow(TypeError);
  }
  expect(() => createSampler(undefined as never)).toThrow(
    "tf must be the namespace of @tensorflow/tfjs or @tensorflow/tfjs-core, got undefined",
  );
});

it("a backend without kernels is refused by name", async () => {
  const before = tf.getBackend();
  tf.registerBackend("strange", () => tf.findBackend("cpu"));
  await tf.setBackend("strange");
  try {
    expect(() => createSampler(tf).bits([2])).toThrow(
      'sampling is not supported by the TensorFlow.js backend "strange"',
    );
  } finally {
    await tf.setBackend(before);
  }
});
