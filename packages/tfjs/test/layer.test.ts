// The layer inside a tf.layers model: it trains, anneals, and continues from JSON.
import { beforeAll, describe, expect, it } from "vitest";
import { gumbelSoftmaxLayer, gumbelSoftmaxLogger, key, registerGumbelSoftmaxLayer } from "../src/index.ts";
import { NODE_BACKENDS, tf } from "./start-backends.ts";

const schedule = { initial: 2, minimum: 0.5, rate: 0.1 };

function createModel(options: Parameters<typeof gumbelSoftmaxLayer>[1] = {}) {
  const layer = gumbelSoftmaxLayer(tf, { key: key(9), temperature: schedule, ...options });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 4,
        inputShape: [4],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      layer,
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss: "meanSquaredError" });
  return { layer, model };
}

/** Four words and what each is worth: learnt when each has a category of its own, or shares one with its equal. */
const inputs = () => tf.tile(tf.eye(4), [8, 1]);
const targets = () => tf.tile(tf.tensor2d([[0], [1], [1], [0]]), [8, 1]);

async function fit(model: ReturnType<typeof createModel>["model"], epochs: number): Promise<number[]> {
  const { history } = await model.fit(inputs(), targets(), {
    epochs,
    batchSize: 32,
    shuffle: false,
    verbose: 0,
  });
  return history.loss as number[];
}

describe.each(NODE_BACKENDS)("on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  it.each([false, true])(
    "a model learns through its samples, hard: %s",
    { timeout: 60_000 },
    async (hard) => {
      const { model, layer } = createModel({ hard });
      const losses = await fit(model, 300);
      expect(losses.at(-1)).toBeLessThan(losses[0] / 4);
      expect(layer.step).toBe(300);
      expect(layer.temperature).toBe(0.5);
      const [loss] = [model.evaluate(inputs(), targets())].flat();
      expect(loss.dataSync()[0]).toBeLessThan(0.01);
    },
  );

  it("a model learns through the estimator of its layer, each in its own way", async () => {
    const learnt = new Set<string>();
    const estimators = [
      {},
      { estimator: "reinmax" },
      { estimator: "gumbel-rao", draws: 2 },
      { estimator: "gapped", gap: 2 },
      { estimator: "gapped", gap: "expected" },
      { backwardTemperature: 0.2 },
    ] as const;
    for (const estimator of estimators) {
      const { model } = createModel({ hard: true, ...estimator });
      await fit(model, 3);
      // What makes the logits; the layer behind the sample learns without the estimator.
      learnt.add(String(model.getWeights()[0].dataSync()));
    }
    expect(learnt.size).toBe(estimators.length);
  });

  it("a function of the step is a schedule, and so is what the temperature is set to", async () => {
    const { model, layer } = createModel({ temperature: (step) => 1 + step });
    expect(layer.temperature).toBe(1);
    await fit(model, 3);
    expect(layer.temperature).toBe(4);
    layer.temperature = { initial: 3, minimum: 3 };
    expect(layer.temperature).toBe(3);
    layer.temperature = 0.25;
    await fit(model, 1);
    expect(layer.temperature).toBe(0.25);
    expect(() => {
      layer.temperature = -1;
    }).toThrow("temperature must be a number in [2^-40, 2^40], got -1");
    layer.temperature = () => Number.NaN;
    expect(() => layer.temperature).toThrow("temperature(4) must be a number in [2^-40, 2^40], got NaN");
  });

  it("a logger puts temperature and distance from one-hot into the history, and leaves no tensor behind", async () => {
    const { model, layer } = createModel({
      hard: true,
      name: "codes",
      temperature: (step) => (step < 2 ? 5 : 0.01),
    });
    const [x, y] = [inputs(), targets()];
    await model.fit(x, y, { epochs: 1, batchSize: 32, verbose: 0 });
    layer.step = 0;
    const before = tf.memory().numTensors;
    const lines: string[] = [];
    const callbacks = gumbelSoftmaxLogger(layer, { log: (line) => lines.push(line) });
    const { history } = await model.fit(x, y, { epochs: 3, batchSize: 32, verbose: 0, callbacks });
    expect(history.codes_temperature).toEqual([5, 5, 0.01]);
    const distances = history.codes_distance as number[];
    // Near uniform over four categories, then near one-hot.
    expect(distances[1]).toBeGreaterThan(0.5);
    expect(distances[2]).toBeLessThan(0.05);
    expect(lines[0]).toMatch(/^epoch 1: codes at temperature 5\.00, 0\.\d+ from one-hot$/);
    expect(tf.memory().numTensors).toBe(before);
    expect(await layer.distance()).toBeNaN();
  });

  it("the logger asks a function for no step past the end of the training", async () => {
    const temperatures = [3, 2, 1];
    const { model, layer } = createModel({
      name: "codes",
      temperature(step) {
        if (step >= temperatures.length) throw new Error(`no temperature for step ${step}`);
        return temperatures[step];
      },
    });
    expect(layer.lastTemperature).toBeNaN();
    const callbacks = gumbelSoftmaxLogger(layer);
    const { history } = await model.fit(inputs(), targets(), {
      epochs: 3,
      batchSize: 32,
      verbose: 0,
      callbacks,
    });
    expect(history.codes_temperature).toEqual(temperatures);
    expect(layer.lastTemperature).toBe(1);
    expect(() => layer.temperature).toThrow("no temperature for step 3");
  });

  it("the logger stands beside callbacks of TensorFlow.js and objects of functions", async () => {
    const { model, layer } = createModel({ name: "codes" });
    const others = [
      [tf.callbacks.earlyStopping({ monitor: "loss", patience: 5 }), gumbelSoftmaxLogger(layer)],
      [gumbelSoftmaxLogger(layer, null), { onEpochEnd: () => {} }],
    ];
    for (const callbacks of others) {
      const { history } = await model.fit(inputs(), targets(), { epochs: 2, verbose: 0, callbacks });
      expect(history.codes_temperature).toHaveLength(2);
      expect(history.codes_distance.every(Number.isFinite)).toBe(true);
    }
    expect(() => gumbelSoftmaxLogger(model as never)).toThrow(/layer must be one of gumbelSoftmaxLayer/);
    const logger = (options: object) => () => gumbelSoftmaxLogger(layer, options);
    expect(logger({ logs: console.log })).toThrow(
      "gumbelSoftmaxLogger has no option logs: did you mean log?",
    );
    expect(logger({ log: true })).toThrow("log must be a function, got true");
  });

  it("parts of a schedule that are null are left out, and what no model could save is refused", () => {
    const layer = gumbelSoftmaxLayer(tf, {
      temperature: { initial: 2, minimum: null, rate: undefined } as never,
    });
    expect(layer.temperature).toBe(2);
    expect(gumbelSoftmaxLayer(tf, null).temperature).toBe(1);
    expect(
      gumbelSoftmaxLayer(tf, Object.create({ temperature: Object.create({ initial: 3 }) })).temperature,
    ).toBe(3);
    const refused: [unknown, RegExp][] = [
      [{ rate: Number.POSITIVE_INFINITY }, /temperature.rate must be a finite number/],
      [{ initial: "2" }, /temperature.initial must be a number/],
      [Object.create({ initial: 2, floor: 1 }), /temperature has no option floor/],
      [tf.scalar(1), /number, a schedule or a function of the step, got an instance of Tensor/],
      [[1, 2], /number, a schedule or a function of the step, got \[1, 2\]/],
    ];
    for (const [temperature, message] of refused) {
      expect(() => gumbelSoftmaxLayer(tf, { temperature } as never)).toThrow(message);
    }
  });

  it("the same key trains the same model twice", async () => {
    expect(await fit(createModel().model, 10)).toEqual(await fit(createModel().model, 10));
    expect(await fit(createModel({ key: key(10) }).model, 10)).not.toEqual(
      await fit(createModel().model, 10),
    );
  });

  it("the temperature falls at each training call and at no other", async () => {
    const { model, layer } = createModel();
    expect(layer.temperature).toBe(2);
    await fit(model, 3);
    model.predict(inputs());
    expect(layer.temperature).toBeCloseTo(2 * Math.exp(-0.3), 12);
    layer.step = 0;
    expect(layer.temperature).toBe(2);
  });

  it("a model from JSON continues where its original stands", async () => {
    const { model } = createModel({ hard: true, inference: "sample", name: "codes" });
    await fit(model, 5);
    model.predict(inputs());
    const json = JSON.parse(JSON.stringify(model.toJSON(undefined, false)));
    const copy = (await tf.models.modelFromJSON(json)) as typeof model;
    copy.setWeights(model.getWeights());
    const [original, restored] = [model, copy].map((each) => each.getLayer("codes").getConfig());
    expect(restored).toEqual(original);
    expect(restored).toMatchObject({ step: 5, inferenceStep: 1, temperature: schedule, hard: true });
    const predict = (each: typeof model) => (each.predict(inputs()) as ReturnType<typeof inputs>).dataSync();
    expect(predict(copy)).toEqual(predict(model));
    for (const each of [model, copy]) {
      each.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
    }
    expect(await fit(copy, 3)).toEqual(await fit(model, 3));
  });

  it("an estimator is in the config; a temperature that is a function is refused there by name", async () => {
    const { model, layer } = createModel({ hard: true, estimator: "gumbel-rao", draws: 3, name: "codes" });
    const json = JSON.parse(JSON.stringify(model.toJSON(undefined, false)));
    const copy = await tf.models.modelFromJSON(json);
    expect(copy.getLayer("codes").getConfig()).toMatchObject({
      hard: true,
      estimator: "gumbel-rao",
      draws: 3,
    });
    layer.temperature = (step) => 1 / (1 + step);
    expect(() => model.toJSON()).toThrow("temperature is a function of the step, which no config can hold");
    layer.temperature = schedule;
    expect(model.getLayer("codes").getConfig()).toMatchObject({ temperature: schedule });
  });

  it("outside training it gives what inference says", () => {
    const logits = tf.tensor2d([[0, 0.5, 0]]);
    const apply = (inference: "mode" | "sample" | "probabilities") => {
      const layer = gumbelSoftmaxLayer(tf, { key: key(1), inference });
      return [0, 1, 2, 3, 4, 5, 6, 7].map(() =>
        Array.from((layer.apply(logits) as typeof logits).dataSync()),
      );
    };
    expect(apply("mode")).toEqual(Array(8).fill([0, 1, 0]));
    const probabilities = tf.softmax(logits).dataSync();
    apply("probabilities")[0].forEach((value, i) => {
      expect(value).toBeCloseTo(probabilities[i], 6);
    });
    const samples = apply("sample").map((one) => one.indexOf(1));
    expect(new Set(samples).size).toBeGreaterThan(1);
  });

  it("fitting leaves no tensor behind", async () => {
    const { model } = createModel();
    const [x, y] = [inputs(), targets()];
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    const before = tf.memory().numTensors;
    await model.fit(x, y, { epochs: 5, verbose: 0 });
    expect(tf.memory().numTensors).toBe(before);
  });
});

it("a wrong option is refused by name", () => {
  const create = (options: object) => () => gumbelSoftmaxLayer(tf, options);
  expect(create({ temperature: 0 })).toThrow("temperature must be a number in [2^-40, 2^40], got 0");
  expect(create({ temperature: "1" })).toThrow(
    'temperature must be a number, a schedule or a function of the step, got "1"',
  );
  expect(create({ temperature: { minimum: 3 } })).toThrow(
    "temperature.minimum must be at most temperature.initial",
  );
  expect(create({ temperature: { initial: 0.3 } })).not.toThrow();
  expect(create({ temperature: { rate: -1 } })).toThrow(
    "temperature.rate must be a finite number of at least 0, got -1",
  );
  expect(create({ temperature: { initial: Number.NaN } })).toThrow("temperature.initial must be a number in");
  expect(create({ temperature: { decay: 1 } })).toThrow("temperature has no option decay");
  expect(create({ tau: 1 })).toThrow(
    new TypeError("gumbelSoftmaxLayer has no option tau: did you mean temperature?"),
  );
  expect(create({ temperature: null, key: null, tau: undefined })).not.toThrow();
  expect(create({ key: [1] })).toThrow(TypeError);
  expect(create({ estimator: "reinmax" })).toThrow("estimator must come with hard: true");
  expect(create({ hard: true, estimator: "zgr" })).toThrow("estimator must be");
  expect(create({ hard: true, draws: 3 })).toThrow('draws must come with estimator "gumbel-rao"');
  expect(create({ hard: "yes" })).toThrow('hard must be a boolean, got "yes"');
  expect(create({ precision: "half" })).toThrow("precision");
  expect(create({ axis: 0.5 })).toThrow("axis must be an integer in");
  expect(create({ step: -1 })).toThrow("step must be an integer in");
  expect(create({ inferenceStep: Number.NaN })).toThrow("inferenceStep must be an integer in");
  const { layers: _, ...withoutLayers } = tf;
  expect(() => gumbelSoftmaxLayer(withoutLayers as never)).toThrow("tf must be a namespace with layers");
  expect(create({ inference: "argmax" })).toThrow('inference must be "mode", "sample" or "probabilities"');
});

it("registering makes the class known to TensorFlow.js", () => {
  registerGumbelSoftmaxLayer(tf);
  expect(tf.serialization.SerializationMap.getMap().classNameMap).toHaveProperty("GumbelSoftmax");
});
