// Raising a model's opset keeps what it computes: every rewritten operator, in an old form, before and after.
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { type Attribute, createGraphBuilder } from "../src/graph/graph-builder.ts";
import { readModel, writeModel } from "../src/graph/model-bytes.ts";
import { appendSampler } from "../src/index.ts";

interface Old {
  readonly opset: number;
  readonly opType: string;
  readonly attributes?: Record<string, Attribute>;
  /** Constant inputs after the data. */
  readonly constants?: readonly (readonly number[])[];
  /** How many outputs there are; the first is compared. */
  readonly outputs?: number;
}

const SHAPE = [2, 3, 4, 4];
const data = Float32Array.from({ length: 96 }, (_, i) => 3 * Math.sin(i * i));

/** One node in its old form on `x`, whose input also goes on to `logits`. */
function modelOf({ opset, opType, attributes = {}, constants = [], outputs = 1 }: Old): Uint8Array {
  const builder = createGraphBuilder();
  const x = builder.input("x", { type: "float32", dims: SHAPE });
  const logits = builder.node("Identity", [x], "pass");
  builder.output(logits, "logits", { type: "float32", dims: SHAPE });
  const type =
    opType === "Upsample" || opType === "Resize" || opType === "BatchNormalization" ? "float32" : "int64";
  const inputs = [x, ...constants.map((values) => builder.constant(type, values))];
  const names = Array.from({ length: outputs }, (_, i) => `part_${i}`);
  const [first] = builder.manyOf(opType, inputs, "old", names, attributes);
  builder.output(first, "y", { type: opType === "ArgMax" ? "int64" : "float32" });
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
])("$opType $attributes of opset $opset computes the same", async (old) => {
  const original = modelOf(old);
  const raised = appendSampler(original, { logits: "logits" });
  expect(readModel(raised).opsetImport.map(({ version }) => version)).toEqual([18n]);
  const quiet = { logSeverityLevel: 3 } as const;
  const [before, after] = await Promise.all(
    [original, raised].map((bytes) => ort.InferenceSession.create(bytes, quiet)),
  );
  const x = new ort.Tensor("float32", data, SHAPE);
  const { y } = await before.run({ x });
  const key = new ort.Tensor("uint32", Uint32Array.of(0, 1), [2]);
  const { y: same } = await after.run({ x, key });
  expect(same.dims).toEqual(y.dims);
  const values = same.data as Float32Array;
  (y.data as Float32Array).forEach((value, i) => {
    expect(Number(values[i])).toBeCloseTo(Number(value), 6);
  });
});

it.each<[Old, RegExp]>([
  [{ opset: 9, opType: "Dropout", outputs: 2 }, /Dropout "old".*it gives its mask/],
  [{ opset: 8, opType: "BatchNormalization", attributes: { spatial: 0 } }, /spatial is not 1/],
  [
    { opset: 11, opType: "Resize", attributes: { coordinate_transformation_mode: "tf_half_pixel_for_nn" } },
    /tf_half/,
  ],
  [{ opset: 8, opType: "Scan" }, /batch dimension/],
  [{ opset: 17, opType: "NewLayer" }, /NewLayer "old" is not known to mean the same/],
])("%o is refused by name", (old, message) => {
  expect(() => appendSampler(modelOf(old), { logits: "logits" })).toThrow(message);
});
