// The exported models: what a checker would ask of them, read by a second library, and what their options do.
import { readFileSync } from "node:fs";
import { categorical, gumbelSoftmax, gumbelSoftmaxVjp, gumbelTopK, key, type NdArray } from "@gumbel/core";
import onnxProto from "onnx-proto";
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import {
  exportCategorical,
  exportGumbelSoftmax,
  exportGumbelSoftmaxVjp,
  exportGumbelTopK,
  noiseBits,
} from "../src/index.ts";
import { PRODUCER } from "../src/version.ts";
import { assertValidModel } from "./assert-valid-model.ts";
import { ONE_THREAD } from "./run-model.ts";

const EXPORTS = { exportGumbelSoftmax, exportGumbelSoftmaxVjp, exportCategorical, exportGumbelTopK };

/** Options that only some exports have. */
const OWN: Readonly<Record<keyof typeof EXPORTS, readonly object[]>> = {
  exportGumbelSoftmax: [{ sampleShape: "input" }, { temperature: 2 ** 40, sampleShape: [2, 3], hard: true }],
  exportGumbelSoftmaxVjp: [{ sampleShape: "input" }, { temperature: 2 ** -40, sampleShape: [2, 3] }],
  exportCategorical: [{ sampleShape: "input" }, { temperature: 0, sampleShape: [2], indexType: "int32" }],
  exportGumbelTopK: [{ k: 2, indexType: "int32" }],
};

/** Each export with options of every kind. */
const models = Object.entries(EXPORTS).flatMap(([name, make]) => {
  const sources = ["threefry", "bits", "input"] as const;
  const options: object[] = [
    ...sources.flatMap((noise) => [{ noise }, { noise, precision: "jax" }]),
    { integers: "uint64" },
    { sharding: true },
    { axis: 1, opset: 21 },
    { axis: -3, temperature: "input" },
    { shape: ["rows"] },
    { shape: ["batch", "sequence", 32000] },
    // Names that the graph would choose itself.
    { shape: ["samples", "k", 7] },
    ...OWN[name as keyof typeof EXPORTS],
  ];
  return options.map((given) => [name, JSON.stringify(given), make(given as never)] as const);
});

const logits: NdArray<Float32Array> = {
  data: Float32Array.from({ length: 24 }, (_, i) => 3 * Math.sin(7 * i)),
  shape: [2, 3, 4],
};
/** The shape that graphs state for them. */
const rank3 = ["batch", 3, "categories"];
const tensor = ({ data, shape }: NdArray) =>
  new ort.Tensor("float32", Float32Array.from(data as number[]), [...shape]);
const keyTensor = new ort.Tensor("uint32", Uint32Array.from(key(8)), [2]);

async function run(model: Uint8Array, feeds: Record<string, ort.Tensor>) {
  const session = await ort.InferenceSession.create(model, ONE_THREAD);
  return await session.run({ logits: tensor(logits), key: keyTensor, ...feeds });
}

function expectClose(got: ort.Tensor, { data, shape }: NdArray): void {
  expect(got.dims).toEqual(shape);
  const values = got.data as Float32Array;
  Array.from(data as ArrayLike<number>).forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, 4);
  });
}

it("stamps models with this package's version", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(PRODUCER).toEqual({ name: manifest.name, version: manifest.version });
});

describe.each(models)("%s(%s)", (_, _options, bytes) => {
  it("is a valid model to ONNX's checker", () => {
    assertValidModel(bytes);
    const { opsetImport, producerName } = onnxProto.onnx.ModelProto.decode(bytes);
    expect(opsetImport).toHaveLength(1);
    expect(Number(opsetImport![0].version)).toBeGreaterThanOrEqual(18);
    expect(Number(opsetImport![0].version)).toBeLessThanOrEqual(21);
    expect(producerName).toBe("@gumbel/onnx");
  });

  it("loads in ONNX Runtime", async () => {
    await (await ort.InferenceSession.create(bytes, ONE_THREAD)).release();
  });
});

describe("declared shapes", () => {
  const dimsOf = (bytes: Uint8Array) => {
    const { graph } = onnxProto.onnx.ModelProto.decode(bytes);
    return Object.fromEntries(
      [...graph!.input!, ...graph!.output!].map(({ name, type }) => [
        name,
        type!.tensorType!.shape!.dim!.map(({ dimParam, dimValue }) => dimParam || Number(dimValue)),
      ]),
    );
  };

  it("are two dimensions that vary, or as many as the axis needs", () => {
    expect(dimsOf(exportCategorical())).toEqual({
      logits: ["batch", "categories"],
      key: [2],
      indices: ["batch"],
    });
    const { logits: dims, indices } = dimsOf(exportCategorical({ axis: 2 }));
    expect(dims).toEqual(["batch_0", "batch_1", "categories"]);
    expect(indices).toEqual(["batch_0", "batch_1"]);
    expect(dimsOf(exportCategorical({ axis: -3 })).logits).toEqual(["categories", "batch_0", "batch_1"]);
  });

  it("are those of the option, with the samples' before them and k in place of the categories", () => {
    const shape = ["batch", "sequence", 32000];
    expect(dimsOf(exportCategorical({ shape, sampleShape: "input", noise: "bits" }))).toEqual({
      logits: shape,
      sample_shape: [1],
      bits: ["samples", ...shape],
      indices: ["samples", "batch", "sequence"],
    });
    expect(dimsOf(exportGumbelSoftmaxVjp({ shape: ["samples", 5], sampleShape: [4, 3] }))).toMatchObject({
      cotangent: [4, 3, "samples", 5],
      gradient: ["samples", 5],
    });
    expect(dimsOf(exportGumbelSoftmax({ shape: ["samples"], sampleShape: "input" })).y).toEqual([
      "samples_2",
      "samples",
    ]);
    const top = dimsOf(exportGumbelTopK({ shape: ["k", 7] }));
    expect(top).toMatchObject({ k: [1], values: ["k", "k_2"], indices: ["k", "k_2"] });
    expect(dimsOf(exportGumbelTopK({ k: 3, axis: 0 })).values).toEqual([3, "batch"]);
  });
});

describe("options", () => {
  it.each(["uint32", "uint64"] as const)("integers %s give the reference's samples", async (integers) => {
    const { indices } = await run(exportCategorical({ integers, shape: rank3 }), {});
    const drawn = categorical(logits, { key: key(8) });
    expect(indices.dims).toEqual(drawn.shape);
    expect(Array.from(indices.data as BigInt64Array, Number)).toEqual(Array.from(drawn.data));
  });

  it("a shard has the noise of its place", async () => {
    const scalar = (value: number) => new ort.Tensor("int64", BigInt64Array.of(BigInt(value)), []);
    const place = { offset: 2 ** 33 + 5, rowStride: 100 };
    const feeds = { offset: scalar(place.offset), row_stride: scalar(place.rowStride) };
    const { y } = await run(exportGumbelSoftmax({ sharding: true, shape: rank3 }), feeds);
    expectClose(y, gumbelSoftmax(logits, { key: key(8), ...place }));
  });

  it("sample dimensions come first, constant or as an input, along any axis", async () => {
    const expected = gumbelSoftmax(logits, { key: key(8), axis: 1, sampleShape: [2, 3] });
    expectClose(
      (await run(exportGumbelSoftmax({ axis: 1, sampleShape: [2, 3], shape: rank3 }), {})).y,
      expected,
    );
    const sample_shape = new ort.Tensor("int64", BigInt64Array.of(6n), [1]);
    const model = exportGumbelSoftmax({ axis: -2, sampleShape: "input", shape: rank3 });
    // One dimension of six samples has the noise of two and three.
    expectClose((await run(model, { sample_shape })).y, { ...expected, shape: [6, 2, 3, 4] });
  });

  it("the gradient is that of the samples, summed over them", async () => {
    const options = { axis: 1, sampleShape: [2, 2], temperature: 0.7 };
    const shape = [2, 2, 2, 3, 4];
    const cotangent = { data: Float32Array.from({ length: 96 }, (_, i) => Math.cos(i)), shape };
    const { gradient } = await run(exportGumbelSoftmaxVjp({ ...options, shape: rank3 }), {
      cotangent: tensor(cotangent),
    });
    expectClose(gradient, gumbelSoftmaxVjp(logits, cotangent, { ...options, key: key(8) }));
  });

  it("a constant k and a noise from outside give gumbelTopK's categories", async () => {
    const drawn = gumbelTopK(logits, 2, { key: key(8) });
    const bits = new ort.Tensor("int64", noiseBits([2, 3, 4], { key: key(8) }) as BigInt64Array, [2, 3, 4]);
    const session = await ort.InferenceSession.create(
      exportGumbelTopK({ k: 2, noise: "bits", indexType: "int32", shape: rank3 }),
      ONE_THREAD,
    );
    const { values, indices } = await session.run({ logits: tensor(logits), bits });
    expectClose(values, drawn.values);
    expect(Array.from(indices.data as Int32Array)).toEqual(Array.from(drawn.indices.data));
  });

  it("that are wrong are refused by name", () => {
    const refused: [() => unknown, RegExp][] = [
      [() => exportGumbelSoftmax({ opset: 17 }), /opset must be an integer in \[18, 21\], got 17/],
      [() => exportGumbelSoftmax({ opset: 22 }), /opset must be .* got 22/],
      [
        () => exportGumbelSoftmax({ temperature: -1 }),
        /temperature must be a number in \[2\^-40, 2\^40\] or "input", got -1/,
      ],
      [() => exportGumbelSoftmax({ hard: 1 as never }), /hard must be a boolean, got 1/],
      [() => exportGumbelSoftmax({ axis: 1, sampleShape: "input" }), /axis must count from the end/],
      [() => exportGumbelSoftmax({ sampleShape: [-1] }), /sampleShape must hold non-negative integers/],
      [
        () => exportGumbelSoftmax({ noise: "bits", sharding: true }),
        /sharding needs noise "threefry", got noise "bits"/,
      ],
      [() => exportGumbelSoftmax({ noise: "native" as never }), /noise must be .* got "native"/],
      [() => exportGumbelSoftmax({ integers: "int32" as never }), /integers must be .* got "int32"/],
      [() => exportCategorical({ temperature: -1 }), /2\^40\], 0 for the mode or "input", got -1/],
      [() => exportGumbelTopK({ temperature: 0 }), /temperature must be .* got 0/],
      [() => exportGumbelSoftmax({ tau: 1 } as never), /no option tau: did you mean temperature\?/],
      [
        () => exportCategorical({ dim: 0 } as never),
        /exportCategorical has no option dim: did you mean axis/,
      ],
      [() => exportGumbelTopK({ sampleShape: [2] } as never), /has no option sampleShape/],
      [
        () => exportCategorical("jax" as never),
        /exportCategorical takes options such as { noise, precision }, got "jax"/,
      ],
      [
        () => exportCategorical({ indexType: "uint8" as never }),
        /indexType must be "int64" or "int32", got "uint8"/,
      ],
      [() => exportGumbelTopK({ k: -1 }), /k must be an integer in \[0, /],
      [() => exportCategorical({ shape: "batch" as never }), /shape must be a list .*, got "batch"/],
      [() => exportCategorical({ shape: [] }), /shape must have 1 to 64 dimensions, got 0/],
      [() => exportCategorical({ shape: [-1, 5] }), /shape must hold integers >= 0 and names, got -1 at 0/],
      [() => exportCategorical({ shape: ["", 5] }), /shape must hold .* got "" at 0/],
      [() => exportCategorical({ shape: ["batch", 0] }), /shape must have a category along axis -1/],
      [
        () => exportCategorical({ shape: ["n", 5], axis: 2 }),
        /axis must be an integer in \[-2, 1\] .* got 2/,
      ],
    ];
    for (const [attempt, message] of refused) expect(attempt).toThrow(message);
  });
});
