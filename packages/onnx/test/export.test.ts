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
    { axis: -2, temperature: "input" },
    ...OWN[name as keyof typeof EXPORTS],
  ];
  return options.map((given) => [name, JSON.stringify(given), make(given as never)] as const);
});

const logits: NdArray<Float32Array> = {
  data: Float32Array.from({ length: 24 }, (_, i) => 3 * Math.sin(7 * i)),
  shape: [2, 3, 4],
};
const tensor = ({ data, shape }: NdArray) =>
  new ort.Tensor("float32", Float32Array.from(data as number[]), [...shape]);
const keyTensor = new ort.Tensor("uint32", Uint32Array.from(key(8)), [2]);

async function run(model: Uint8Array, feeds: Record<string, ort.Tensor>) {
  const session = await ort.InferenceSession.create(model);
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
  const model = onnxProto.onnx.ModelProto.decode(bytes);
  const graph = model.graph!;

  it("is a valid ONNX model to another reader", () => {
    expect(Number(model.irVersion)).toBe(8);
    expect(model.opsetImport).toHaveLength(1);
    const opset = Number(model.opsetImport![0].version);
    expect(opset).toBeGreaterThanOrEqual(18);
    expect(opset).toBeLessThanOrEqual(21);
    expect(model.producerName).toBe("@gumbel/onnx");
    for (const initializer of graph.initializer!) {
      const elements = (initializer.dims ?? []).reduce<number>((size, d) => size * Number(d), 1);
      expect(initializer.dataType).toBeGreaterThan(0);
      const size = { 1: 4, 6: 4, 7: 8, 12: 4, 13: 8 }[initializer.dataType!];
      expect(initializer.rawData!.length).toBe(elements * size!);
    }
    for (const { type } of [...graph.input!, ...graph.output!]) {
      expect(type!.tensorType!.elemType).toBeGreaterThan(0);
    }
  });

  it("has unique names, and nodes in the order of their values", () => {
    const namesOf = ({ node }: onnxProto.onnx.IGraphProto): (string | null | undefined)[] =>
      node!.flatMap(({ name, attribute }) => [name, ...attribute!.flatMap(({ g }) => (g ? namesOf(g) : []))]);
    const nodeNames = namesOf(graph);
    expect(new Set(nodeNames).size).toBe(nodeNames.length);
    expect(nodeNames).not.toContain("");
    const known = new Set([...graph.input!, ...graph.initializer!].map(({ name }) => name!));
    expect(known.size).toBe(graph.input!.length + graph.initializer!.length);
    const used = new Set<string>();
    const visit = ({ node, output: outputs }: onnxProto.onnx.IGraphProto) => {
      for (const { input, output, attribute } of node!) {
        for (const name of input!) {
          expect(known).toContain(name);
          used.add(name);
        }
        for (const { g } of attribute!) if (g) visit(g);
        for (const name of output!) {
          expect(known).not.toContain(name);
          known.add(name);
        }
      }
      for (const { name } of outputs!) expect(known).toContain(name);
    };
    visit(graph);
    for (const { name } of graph.output!) expect(known).toContain(name);
    for (const { name } of [...graph.input!, ...graph.initializer!]) expect(used).toContain(name);
  });

  it("loads in ONNX Runtime", async () => {
    await (await ort.InferenceSession.create(bytes)).release();
  });
});

describe("options", () => {
  it.each(["uint32", "uint64"] as const)("integers %s give the reference's samples", async (integers) => {
    const { indices } = await run(exportCategorical({ integers }), {});
    const drawn = categorical(logits, { key: key(8) });
    expect(indices.dims).toEqual(drawn.shape);
    expect(Array.from(indices.data as BigInt64Array, Number)).toEqual(Array.from(drawn.data));
  });

  it("a shard has the noise of its place", async () => {
    const scalar = (value: number) => new ort.Tensor("int64", BigInt64Array.of(BigInt(value)), []);
    const place = { offset: 2 ** 33 + 5, rowStride: 100 };
    const feeds = { offset: scalar(place.offset), row_stride: scalar(place.rowStride) };
    const { y } = await run(exportGumbelSoftmax({ sharding: true }), feeds);
    expectClose(y, gumbelSoftmax(logits, { key: key(8), ...place }));
  });

  it("sample dimensions come first, constant or as an input, along any axis", async () => {
    const expected = gumbelSoftmax(logits, { key: key(8), axis: 1, sampleShape: [2, 3] });
    expectClose((await run(exportGumbelSoftmax({ axis: 1, sampleShape: [2, 3] }), {})).y, expected);
    const sample_shape = new ort.Tensor("int64", BigInt64Array.of(2n, 3n), [2]);
    const model = exportGumbelSoftmax({ axis: -2, sampleShape: "input" });
    expectClose((await run(model, { sample_shape })).y, expected);
  });

  it("the gradient is that of the samples, summed over them", async () => {
    const options = { axis: 1, sampleShape: [2, 2], temperature: 0.7 };
    const shape = [2, 2, 2, 3, 4];
    const cotangent = { data: Float32Array.from({ length: 96 }, (_, i) => Math.cos(i)), shape };
    const { gradient } = await run(exportGumbelSoftmaxVjp(options), { cotangent: tensor(cotangent) });
    expectClose(gradient, gumbelSoftmaxVjp(logits, cotangent, { ...options, key: key(8) }));
  });

  it("a constant k and a noise from outside give gumbelTopK's categories", async () => {
    const drawn = gumbelTopK(logits, 2, { key: key(8) });
    const bits = new ort.Tensor("int64", noiseBits([2, 3, 4], { key: key(8) }) as BigInt64Array, [2, 3, 4]);
    const session = await ort.InferenceSession.create(
      exportGumbelTopK({ k: 2, noise: "bits", indexType: "int32" }),
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
      [() => exportCategorical("jax" as never), /exportCategorical takes an object of options, got "jax"/],
      [
        () => exportCategorical({ indexType: "uint8" as never }),
        /indexType must be "int64" or "int32", got "uint8"/,
      ],
      [() => exportGumbelTopK({ k: -1 }), /k must be an integer in \[0, /],
    ];
    for (const [attempt, message] of refused) expect(attempt).toThrow(message);
  });
});
