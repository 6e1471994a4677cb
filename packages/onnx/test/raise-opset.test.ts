// Raising a model's opset keeps what it computes: every rewritten operator, in an old form, before and after.
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { ELEMENT_TYPES, type ElementType } from "../src/graph/element-type.ts";
import { type Attribute, createGraphBuilder } from "../src/graph/graph-builder.ts";
import { readModel, writeModel } from "../src/graph/model-bytes.ts";
import { appendSampler } from "../src/index.ts";
import { ONE_THREAD } from "./run-model.ts";

interface Old {
  readonly opset: number;
  readonly opType: string;
  readonly attributes?: Record<string, Attribute>;
  /** Constant inputs after the data. */
  readonly constants?: readonly (readonly number[])[];
  /** How many outputs there are; the first is compared. */
  readonly outputs?: number;
  /** Whether all outputs are read; otherwise the first alone. */
  readonly areRead?: boolean;
  /** Element type of the data; default float32. */
  readonly type?: "float16" | "float64";
  /** Shape of the data; default [2, 3, 4, 4]. */
  readonly shape?: readonly number[];
}

const SHAPE = [2, 3, 4, 4];
const dataOf = (shape: readonly number[]) =>
  Float32Array.from(
    { length: shape.reduce((size, length) => size * length, 1) },
    (_, i) => 3 * Math.sin(i * i),
  );

/** One node in its old form on `x`, whose input also goes on to `logits`. */
function modelOf(old: Old): Uint8Array {
  const { opset, opType, attributes = {}, constants = [], outputs = 1, areRead, shape = SHAPE } = old;
  const builder = createGraphBuilder();
  const x = builder.input("x", { type: "float32", dims: shape });
  const logits = builder.node("Identity", [x], "pass");
  builder.output(logits, "logits", { type: "float32", dims: shape });
  const cast = (value: string, type: ElementType, name: string) =>
    old.type === undefined ? value : builder.node("Cast", [value], name, { to: ELEMENT_TYPES[type] });
  const inputX = cast(x, old.type ?? "float32", "x_of_type");
  const type =
    opType === "Upsample" || opType === "Resize" || opType === "BatchNormalization" ? "float32" : "int64";
  const inputs = [inputX, ...constants.map((values) => builder.constant(type, values))];
  const names = Array.from({ length: outputs }, (_, i) => `part_${i}`);
  const [first, ...rest] = builder.manyOf(opType, inputs, "old", names, attributes);
  const y = cast(first, "float32", "y_float32");
  builder.output(y, "y", { type: opType === "ArgMax" ? "int64" : "float32" });
  if (areRead) for (const [i, value] of rest.entries()) builder.output(value, `y_${i}`, { type: "float32" });
  return writeModel({
    irVersion: 7n,
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    graph: {
      name: "old",
      node: [...builder.nodes],
      initializer: [...builder.initializers],
      input: [...builder.inputs],
      output: [...builder.outputs],
    },
  });
}

const min = { float: -1 };
const max = { float: 0.5 };

it.each<Old>([
  { opset: 7, opType: "Clip", attributes: { min, max } },
  { opset: 10, opType: "Clip", attributes: { max } },
  { opset: 11, opType: "Relu" },
  { opset: 9, opType: "Slice", attributes: { axes: [1, 3], starts: [1, 0], ends: [3, -1] } },
  { opset: 9, opType: "Slice", attributes: { starts: [1], ends: [2] } },
  { opset: 8, opType: "Softmax" },
  { opset: 9, opType: "Softmax", attributes: { axis: 2 } },
  { opset: 11, opType: "Softmax", attributes: { axis: -1 } },
  { opset: 12, opType: "LogSoftmax", attributes: { axis: 3 } },
  { opset: 13, opType: "Softmax", attributes: { axis: 1 } },
  { opset: 12, opType: "Hardmax", attributes: { axis: 1 } },
  { opset: 9, opType: "ReduceMean", attributes: { axes: [-1], keepdims: 0 } },
  { opset: 17, opType: "ReduceMax", attributes: { axes: [1, 2] } },
  { opset: 17, opType: "ReduceL2" },
  { opset: 12, opType: "ReduceSum", attributes: { axes: [0], keepdims: 1 } },
  { opset: 13, opType: "ReduceSum", constants: [[2]] },
  { opset: 10, opType: "ArgMax", attributes: { axis: 2 } },
  { opset: 9, opType: "Squeeze" },
  { opset: 12, opType: "Unsqueeze", attributes: { axes: [0, 2] } },
  { opset: 9, opType: "TopK", attributes: { k: 2, axis: 1 }, outputs: 2 },
  { opset: 10, opType: "TopK", attributes: { axis: -1 }, constants: [[3]], outputs: 2 },
  { opset: 9, opType: "Pad", attributes: { pads: [0, 0, 1, 2, 0, 0, 0, 1], value: { float: 7 } } },
  { opset: 7, opType: "Pad", attributes: { mode: "reflect", pads: [0, 0, 1, 2, 0, 0, 0, 1] } },
  { opset: 11, opType: "Split", attributes: { axis: 3, split: [1, 3] }, outputs: 2 },
  { opset: 11, opType: "Split", attributes: { axis: 0 }, outputs: 2 },
  { opset: 13, opType: "Split", attributes: { axis: 2 }, outputs: 4 },
  { opset: 9, opType: "Dropout", attributes: { ratio: { float: 0.3 } } },
  { opset: 12, opType: "Dropout" },
  { opset: 9, opType: "Upsample", attributes: { mode: "nearest" }, constants: [[1, 1, 2, 3]] },
  { opset: 9, opType: "Upsample", attributes: { mode: "linear" }, constants: [[1, 1, 2, 2]] },
  { opset: 10, opType: "Resize", attributes: { mode: "nearest" }, constants: [[1, 1, 1.5, 2]] },
  { opset: 10, opType: "Resize", attributes: { mode: "linear" }, constants: [[1, 1, 2, 2]] },
  {
    opset: 8,
    opType: "BatchNormalization",
    attributes: { spatial: 1 },
    constants: [
      [1, 2, 3],
      [0, 1, 0],
      [3, 2, 1],
      [1, 4, 9],
    ],
  },
  { opset: 9, opType: "AveragePool", attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  { opset: 9, opType: "Flatten", attributes: { axis: 2 } },
  { opset: 10, opType: "Resize", attributes: { mode: "nearest" }, constants: [[1, 1, 0.6, 0.6]] },
  { opset: 10, opType: "Resize", attributes: { mode: "nearest" }, constants: [[1, 1, 0.3, 1]] },
  { opset: 10, opType: "Resize", attributes: { mode: "nearest" }, constants: [[1, 1, 2.6, 1.3]] },
  { opset: 10, opType: "Resize", attributes: { mode: "linear" }, constants: [[1, 1, 0.6, 1.7]] },
  { opset: 9, opType: "Clip", attributes: { min, max }, type: "float16" },
  {
    opset: 9,
    opType: "Pad",
    attributes: { pads: [0, 0, 1, 2, 0, 0, 0, 1], value: { float: 7 } },
    type: "float16",
  },
  {
    opset: 9,
    opType: "Pad",
    attributes: { pads: [0, 0, 1, 2, 0, 0, 0, 1], value: { float: 7 } },
    type: "float64",
  },
  { opset: 9, opType: "Softmax", attributes: { axis: 1 }, shape: [2, 0, 4, 4] },
  { opset: 12, opType: "LogSoftmax", attributes: { axis: 1 }, shape: [0, 3, 4] },
  { opset: 9, opType: "Dropout", outputs: 2 },
  { opset: 13, opType: "LpPool", attributes: { kernel_shape: [2, 2] } },
  { opset: 13, opType: "Shrink" },
])("$opType $attributes of opset $opset computes the same", async (old) => {
  const original = modelOf(old);
  const raised = appendSampler(original, { logits: "logits" });
  expect(readModel(raised).opsetImport.map(({ version }) => version)).toEqual([18n]);
  const quiet = { ...ONE_THREAD, logSeverityLevel: 3 } as const;
  const [before, after] = await Promise.all(
    [original, raised].map((bytes) => ort.InferenceSession.create(bytes, quiet)),
  );
  const shape = old.shape ?? SHAPE;
  const x = new ort.Tensor("float32", dataOf(shape), [...shape]);
  const { y } = await before.run({ x });
  const key = new ort.Tensor("uint32", Uint32Array.of(0, 1), [2]);
  const { y: same } = await after.run({ x, key });
  expect(same.dims).toEqual(y.dims);
  const values = same.data as Float32Array;
  (y.data as Float32Array).forEach((value, i) => {
    expect(Number(values[i])).toBeCloseTo(Number(value), old.type === "float16" ? 3 : 6);
  });
});

it.each<[Old, RegExp]>([
  [{ opset: 9, opType: "Dropout", outputs: 2, areRead: true }, /Dropout "old".*it gives its mask/],
  [{ opset: 8, opType: "BatchNormalization", attributes: { spatial: 0 } }, /spatial is not 1/],
  [
    { opset: 11, opType: "Resize", attributes: { coordinate_transformation_mode: "tf_half_pixel_for_nn" } },
    /tf_half/,
  ],
  [{ opset: 8, opType: "Scan" }, /batch dimension/],
  [{ opset: 10, opType: "Resize", constants: [[1, 1, 0.5, 2]] }, /Resize "old".*it grows and shrinks/],
  [{ opset: 17, opType: "constructor" }, /constructor "old" is not known to mean the same/],
  [{ opset: 17, opType: "__proto__" }, /__proto__ "old" is not known to mean the same/],
  [{ opset: 17, opType: "NewLayer" }, /NewLayer "old" is not known to mean the same/],
])("%o is refused by name", (old, message) => {
  expect(() => appendSampler(modelOf(old), { logits: "logits" })).toThrow(message);
});

it.each([
  ["GridSample", 16],
  ["DFT", 17],
  ["STFT", 17],
  ["HannWindow", 17],
  ["MelWeightMatrix", 17],
  ["RandomNormal", 9],
  ["Multinomial", 9],
  ["Bernoulli", 15],
  ["StringNormalizer", 12],
  ["TfIdfVectorizer", 12],
  ["Optional", 15],
  ["SequenceMap", 17],
] as const)("%s of opset %i, whose schema did not change, is kept", (opType, opset) => {
  const raised = readModel(appendSampler(modelOf({ opset, opType }), { logits: "logits" }));
  expect(raised.graph.node.some((node) => node.opType === opType)).toBe(true);
});
