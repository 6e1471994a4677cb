// Appending a sampler: what it adds, what it leaves alone, and what it refuses.
import { categorical, gumbelSoftmax, key } from "@gumbel/core";
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { rawDataOf } from "../src/graph/element-type.ts";
import { readModel, writeModel } from "../src/graph/model-bytes.ts";
import { type AppendSamplerOptions, appendSampler, ModelError, noiseBits } from "../src/index.ts";
import { recognizer } from "./line-of-text.ts";
import { ONE_THREAD } from "./run-model.ts";
import { tinyModel, WIDTH, weights } from "./tiny-model.ts";

const x = Float32Array.from({ length: 3 * WIDTH }, (_, i) => Math.cos(i));
const input = new ort.Tensor("float32", x, [3, WIDTH]);
const keyTensor = new ort.Tensor("uint32", Uint32Array.from(key(5)), [2]);

/** What the tiny model computes, in float64. */
function logitsOf(classes = 7, temperature = 1): { data: Float64Array; shape: number[] } {
  const w = weights(classes).map(Math.fround);
  const data = Float64Array.from({ length: 3 * classes }, (_, at) => {
    const [row, column] = [Math.floor(at / classes), at % classes];
    let sum = 0;
    for (let i = 0; i < WIDTH; i++) sum += x[row * WIDTH + i] * w[i * classes + column];
    return sum / temperature;
  });
  return { data, shape: [3, classes] };
}

async function indices(
  model: Uint8Array,
  feeds: Record<string, ort.Tensor> = { key: keyTensor },
  options: ort.InferenceSession.SessionOptions = {},
): Promise<number[]> {
  const session = await ort.InferenceSession.create(model, { ...ONE_THREAD, ...options });
  const result = await session.run({ x: input, ...feeds });
  expect(result.indices.dims).toEqual([3]);
  return Array.from(result.indices.data as BigInt64Array, Number);
}

const expected = (temperature = 1, classes = 7) =>
  Array.from(categorical(logitsOf(classes, temperature), { key: key(5) }).data);

describe("an appended sampler", () => {
  it.each([18, 19, 20, 21, 22])("draws the reference's samples in opset %i", async (opset) => {
    expect(await indices(appendSampler(tinyModel({ opset }), { logits: "logits" }))).toEqual(expected());
  });

  it.each<[string, Partial<AppendSamplerOptions>]>([
    ["uint32", {}],
    ["uint64", { integers: "uint64" }],
    ["few classes", { topK: 6 }],
    ["more classes than there are", { topK: 50 }],
    ["uint64 and few classes", { topK: 6, integers: "uint64" }],
  ])("is the same with %s", async (_, options) => {
    const model = appendSampler(tinyModel(), { logits: "logits", ...options });
    const logits = logitsOf();
    if (options.topK === 6) {
      for (let row = 0; row < 3; row++) {
        const part = logits.data.subarray(row * 7, row * 7 + 7);
        part[part.indexOf(Math.min(...part))] = Number.NEGATIVE_INFINITY;
      }
    }
    expect(await indices(model)).toEqual(Array.from(categorical(logits, { key: key(5) }).data));
  });

  it("takes options that are inherited", async () => {
    const options = Object.create({ logits: "logits", temperature: 3 });
    expect(await indices(appendSampler(tinyModel(), options))).toEqual(expected(3));
    const misspelt = Object.create({ logits: "logits", temprature: 3 });
    expect(() => appendSampler(tinyModel(), misspelt)).toThrow("did you mean temperature?");
  });

  it.each(["full", "jax"] as const)("takes bits from outside at precision %s", async (precision) => {
    const bits = noiseBits([3, 7], { key: key(5), precision });
    const type = precision === "full" ? "int64" : "uint32";
    const given = new ort.Tensor(type, bits as BigInt64Array, [3, 7]);
    for (const topK of [undefined, 7]) {
      const model = appendSampler(tinyModel(), { logits: "logits", noise: "bits", precision, topK });
      const drawn = categorical(logitsOf(), { key: key(5), precision });
      expect(await indices(model, { bits: given })).toEqual(Array.from(drawn.data));
    }
  });

  it("divides by a temperature that is constant or an input", async () => {
    const model = appendSampler(tinyModel(), { logits: "logits", temperature: 3 });
    expect(await indices(model)).toEqual(expected(3));
    const asked = appendSampler(tinyModel(), { logits: "logits", temperature: "input" });
    const temperature = new ort.Tensor("float32", Float32Array.of(3), []);
    expect(await indices(asked, { key: keyTensor, temperature })).toEqual(expected(3));
  });

  it("gives the soft sample of the same noise", async () => {
    const options = { logits: "logits", soft: true, softTemperature: 0.5 } as const;
    const session = await ort.InferenceSession.create(appendSampler(tinyModel(), options), ONE_THREAD);
    const { soft } = await session.run({ x: input, key: keyTensor });
    const { data } = gumbelSoftmax(logitsOf(), { key: key(5), temperature: 0.5 });
    data.forEach((y, i) => {
      expect((soft.data as Float32Array)[i]).toBeCloseTo(y, 5);
    });
  });

  it.each<[string, Partial<AppendSamplerOptions>]>([
    ["all categories", {}],
    ["a temperature", { temperature: 0.5 }],
    ["the largest only", { topK: 2 }],
    ["the largest only, at a temperature, for WebGPU", { topK: 2, temperature: 0.5, integers: "uint64" }],
    ["all categories, for WebGPU", { integers: "uint64" }],
  ])("says of degenerate rows that they are, with %s", async (_, options) => {
    const masked = Number.NEGATIVE_INFINITY;
    const rows = [
      [1, Number.NaN, 2, 0],
      [masked, masked, masked, masked],
      [0.5, masked, 2, masked],
      [1, 2, Number.POSITIVE_INFINITY, 3],
      [3, masked, 2, masked],
    ];
    const logits = { data: Float32Array.from(rows.flat()), shape: [5, WIDTH] };
    // The model's input itself is what is sampled from.
    const model = appendSampler(tinyModel(), { logits: "x", soft: true, ...options });
    const session = await ort.InferenceSession.create(model, ONE_THREAD);
    const given = new ort.Tensor("float32", logits.data, logits.shape);
    const { indices: drawn, soft } = await session.run({ x: given, key: keyTensor });
    const warm = {
      ...logits,
      data: logits.data.map((value) => value / (options.temperature === 0.5 ? 0.5 : 1)),
    };
    const best = Array.from(categorical(warm, { key: key(5) }).data);
    expect(best.map((index) => index === -1)).toEqual([true, true, false, true, false]);
    expect(Array.from(drawn.data as BigInt64Array, Number)).toEqual(best);
    const { data } = gumbelSoftmax(warm, { key: key(5) });
    data.forEach((y, i) => {
      const got = (soft.data as Float32Array)[i];
      if (Number.isNaN(y)) expect(got).toBeNaN();
      else expect(got).toBeCloseTo(y, 5);
    });
  });

  it.each(["float16", "float64"] as const)("samples from %s logits", async (type) => {
    const drawn = await indices(appendSampler(tinyModel({ type }), { logits: "logits" }));
    expect(drawn).toEqual(expected());
  });

  it("keeps external data where it is", async () => {
    const model = appendSampler(tinyModel({ isExternal: true }), { logits: "logits" });
    const externalData = [{ path: "weights.bin", data: rawDataOf("float32", weights(7)) }];
    expect(await indices(model, { key: keyTensor }, { externalData })).toEqual(expected());
  });

  it("can be added twice, under another prefix", async () => {
    const once = appendSampler(tinyModel(), { logits: "logits" });
    expect(() => appendSampler(once, { logits: "logits" })).toThrow(/has a sampler already/);
    const twice = appendSampler(once, { logits: "logits", prefix: "b_" });
    const other = new ort.Tensor("uint32", Uint32Array.from(key(6)), [2]);
    const session = await ort.InferenceSession.create(twice, ONE_THREAD);
    const result = await session.run({ x: input, key: keyTensor, b_key: other });
    expect(Array.from(result.indices.data as BigInt64Array, Number)).toEqual(expected());
    const second = categorical(logitsOf(), { key: key(6) });
    expect(Array.from(result.b_indices.data as BigInt64Array, Number)).toEqual(Array.from(second.data));
  });

  it("changes nothing else of a model of opset 18 or more, unknown fields included", () => {
    // Field 1000 of the model, a varint.
    const unknown = Uint8Array.from([0xc0, 0x3e, 0x2a]);
    const original = Uint8Array.from([...tinyModel(), ...unknown]);
    const copy = original.slice();
    const appended = readModel(appendSampler(original, { logits: "logits" }));
    expect(original).toEqual(copy);
    const { graph } = appended;
    const isOwn = ({ name }: { name: string }) => !/^(gumbel\/|key$|indices$)/.test(name);
    graph.node = graph.node.filter(isOwn);
    graph.node = graph.node.filter(({ output }) => output[0] !== "indices");
    graph.initializer = graph.initializer.filter(isOwn);
    graph.input = graph.input.filter(isOwn);
    graph.output = graph.output.filter(isOwn);
    expect(writeModel(appended)).toEqual(original);
  });
});

describe("appendSampler refuses", () => {
  it.each<[string, Uint8Array, Partial<AppendSamplerOptions>, RegExp]>([
    ["an unknown name", tinyModel(), { logits: "logit" }, /no value named "logit"; its outputs: "logits"/],
    ["an initializer", tinyModel(), { logits: "W" }, /"W" is an initializer/],
    ["integers", tinyModel({ type: "int64" }), {}, /float type, and "logits" is int64/],
    ["a scalar", tinyModel({ dims: [] }), {}, /"logits" is a scalar/],
    ["no class", tinyModel({ classes: 0 }), {}, /must hold a category/],
    ["probabilities", recognizer, { logits: "softmax_11.tmp_0" }, /result of a Softmax.*"p2o.Add.277"/],
    ["an old opset", tinyModel({ opset: 6 }), {}, /opset 6/],
    ["bytes of something else", new TextEncoder().encode("not a model"), {}, /no ONNX model/],
    ["no bytes", new Uint8Array(), {}, /no ONNX model/],
    ["half a model", tinyModel().subarray(0, 100), {}, /no ONNX model/],
  ])("%s", (_, model, options, message) => {
    const copy = model.slice();
    const attempt = () => appendSampler(model, { logits: "logits", ...options });
    expect(attempt).toThrow(ModelError);
    expect(attempt).toThrow(message);
    expect(model.every((byte, i) => byte === copy[i])).toBe(true);
  });

  it("a name that the model has", () => {
    const model = readModel(tinyModel());
    model.graph.node.push({ ...model.graph.node[0], name: "second", output: ["indices"] });
    const named = writeModel(model);
    expect(() => appendSampler(named, { logits: "logits" })).toThrow(/already has a value named "indices"/);
    expect(() => appendSampler(named, { logits: "logits", prefix: "my_" })).not.toThrow();
  });

  it("options that are wrong, by name", () => {
    const attempt = (options: object) => () =>
      appendSampler(tinyModel(), { logits: "logits", ...options } as AppendSamplerOptions);
    expect(attempt({ logits: 3 })).toThrow(TypeError);
    expect(attempt({ temperature: -1 })).toThrow(
      /temperature must be a number in \[2\^-40, 2\^40\], 0 for the mode or "input", got -1/,
    );
    expect(attempt({ temperature: "warm" })).toThrow(TypeError);
    expect(attempt({ topK: -1 })).toThrow(/topK must be an integer >= 0, "input" or "per-row", got -1/);
    expect(attempt({ topK: 1.5 })).toThrow(/topK must be an integer/);
    expect(attempt({ topP: 1.1 })).toThrow(/topP must be a number in \[0, 1\], .* got 1.1/);
    expect(attempt({ minP: Number.NaN })).toThrow(RangeError);
    expect(attempt({ minP: "some" })).toThrow(TypeError);
    expect(attempt({ position: "first" })).toThrow(/position must be "last" or "input"/);
    expect(attempt({ logits: "logits", key: "per-row", noise: "bits" })).toThrow(
      /key "per-row" needs noise "threefry"/,
    );
    expect(attempt({ logProb: true, temperature: 0 })).toThrow(/temperature must be .* got 0/);
    expect(attempt({ candidates: 0 })).toThrow(/candidates must be an integer in/);
    expect(attempt({ shape: [7] })).toThrow(/shape must be that of "logits", \[batch, 7\], got \[7\]/);
    expect(attempt({ shape: [3, 8] })).toThrow(/shape must be that of "logits"/);
    expect(attempt({ type: "float16" })).toThrow(
      /type must be that of "logits", which is float32, got float16/,
    );
    expect(attempt({ topK: 2, axis: 0 })).toThrow(/axis must be the last with topK, got 0/);
    expect(attempt({ topP: 0.5, axis: 0 })).toThrow(/axis must be the last with topP/);
    expect(attempt({ axis: 2 })).toThrow(/axis must be an integer in \[-2, 1\].*got 2/);
    expect(attempt({ noise: "white" })).toThrow(/noise must be .*got "white"/);
    expect(attempt({ soft: 1 })).toThrow(/soft must be a boolean/);
    expect(attempt({ asFunction: "yes" })).toThrow(/asFunction must be a boolean/);
    expect(() => appendSampler("model.onnx" as never, { logits: "logits" })).toThrow(/must be a Uint8Array/);
  });

  it("an operator whose meaning it does not know in opset 18, by name", () => {
    const model = readModel(tinyModel({ opset: 17 }));
    model.graph.node[0].opType = "Strange";
    expect(() => appendSampler(writeModel(model), { logits: "logits" })).toThrow(
      /opset 17, and its node Strange "product" is not known to mean the same/,
    );
  });
});
