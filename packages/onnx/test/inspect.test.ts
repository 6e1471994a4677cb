// What looks like logits, and what does not: probabilities behind other nodes, axes, caches and states.
import { describe, expect, it } from "vitest";
import {
  type Attribute,
  createGraphBuilder,
  type Dimension,
  type GraphBuilder,
} from "../src/graph/graph-builder.ts";
import { appendSampler, inspectModel, ModelError } from "../src/index.ts";
import { imageModel, modelOf } from "./tiny-model.ts";

type Node = readonly [opType: string, attributes?: Record<string, Attribute>];

/** Nodes one after the other on the value `x`, the last of which gives `y`. */
function chain(nodes: readonly Node[], dims: readonly Dimension[], opset = 18, name = "y"): Uint8Array {
  const builder = createGraphBuilder();
  let value = builder.node("Identity", [builder.input("input", { type: "float32", dims })], "x");
  for (const [i, [opType, attributes]] of nodes.entries()) {
    value = builder.node(opType, [value], `value_${i}`, attributes);
  }
  builder.output(value, name, { type: "float32", dims });
  return modelOf(builder, opset);
}

function soft(builder: GraphBuilder, x: string, name = "soft"): string {
  return builder.node("Softmax", [x], name, { axis: -1 });
}

const softmax: Node = ["Softmax", { axis: -1 }];

describe("probabilities are refused, and the logits named,", () => {
  it.each<[string, readonly Node[]]>([
    ["a Softmax", [softmax]],
    ["a Hardmax", [["Hardmax"]]],
    ["a Sigmoid", [["Sigmoid"]]],
    ["an Exp of a LogSoftmax", [["LogSoftmax"], ["Exp"]]],
    ["an Exp of a LogSoftmax apart", [["LogSoftmax"], ["Identity"], ["Exp"], ["Identity"]]],
    ...["Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Clip", "Dropout", "Transpose"].map(
      (opType): [string, readonly Node[]] => [
        `a Softmax behind a ${opType}`,
        [softmax, [opType, opType === "Cast" ? { to: 1 } : {}], ["Identity"]],
      ],
    ),
  ])("behind %s", (_, nodes) => {
    const model = chain(nodes, ["batch", 5]);
    const attempt = () => appendSampler(model, { logits: "y" });
    expect(attempt).toThrow(ModelError);
    expect(attempt).toThrow(/probabilities, no logits. Its input, "x", is what to sample from/);
    const names = inspectModel(model).logits.map(({ name }) => name);
    expect(names).toEqual(nodes[0][0] === "Sigmoid" ? [] : ["x"]);
  });

  it.each<[string, (builder: GraphBuilder, x: string) => string, string | undefined]>([
    [
      "quantized and back",
      (b, x) => {
        const scale = b.constant("float32", [0.01]);
        return b.node("DequantizeLinear", [b.node("QuantizeLinear", [soft(b, x), scale], "q"), scale], "dq");
      },
      "x",
    ],
    ["split", (b, x) => b.node("Split", [soft(b, x)], "part", { num_outputs: 1 }), "x"],
    ["tiled", (b, x) => b.node("Tile", [soft(b, x), b.constant("int64", [1, 1])], "tiled"), "x"],
    [
      "of a segmentation net, resized",
      (b, x) => b.node("Resize", [soft(b, x), "", b.constant("float32", [1, 1])], "resized"),
      "x",
    ],
    ["with a floor", (b, x) => b.node("Max", [soft(b, x), b.constant("float32", [1e-7])], "floored"), "x"],
    [
      "masked",
      (b, x) => {
        const mask = b.node("Equal", [x, x], "mask");
        return b.node("Where", [mask, soft(b, x), b.constant("float32", [0])], "masked");
      },
      "x",
    ],
    ["of an ensemble", (b, x) => b.node("Mean", [soft(b, x, "a"), soft(b, x, "b")], "mean"), undefined],
    [
      "of several heads",
      (b, x) => b.node("Concat", [soft(b, x, "a"), soft(b, x, "b")], "c", { axis: 1 }),
      undefined,
    ],
    [
      "written out",
      (b, x) => {
        const shifted = b.node("Sub", [x, b.node("ReduceMax", [x], "max")], "shifted");
        const exp = b.node("Exp", [shifted], "exp");
        return b.node("Div", [exp, b.node("ReduceSum", [exp], "sum")], "p");
      },
      "shifted",
    ],
    [
      "of a sigmoid written out",
      (b, x) => {
        const exp = b.node("Exp", [b.node("Neg", [x], "neg")], "exp");
        return b.node("Reciprocal", [b.node("Add", [b.constant("float32", [1]), exp], "sum")], "p");
      },
      undefined,
    ],
  ])("%s", (_, build, logits) => {
    const builder = createGraphBuilder();
    const dims = ["batch", 5];
    const x = builder.node("Identity", [builder.input("input", { type: "float32", dims })], "x");
    builder.output(build(builder, x), "y", { type: "float32", dims });
    const attempt = () => appendSampler(modelOf(builder), { logits: "y" });
    expect(attempt).toThrow(/probabilities, no logits/);
    if (logits !== undefined) expect(attempt).toThrow(`Its input, "${logits}", is what to sample from`);
    const names = inspectModel(modelOf(builder)).logits.map(({ name }) => name);
    expect(names).toEqual(logits === undefined ? [] : [logits]);
  });

  it("but not values that are mixed of probabilities and others", () => {
    const builder = createGraphBuilder();
    const dims = ["batch", 5];
    const x = builder.node("Identity", [builder.input("input", { type: "float32", dims })], "x");
    builder.output(builder.node("Concat", [soft(builder, x), x], "c", { axis: 1 }), "y", {
      type: "float32",
      dims,
    });
    expect(inspectModel(modelOf(builder)).logits).toMatchObject([{ name: "y" }]);
  });

  it("and log-probabilities are not", () => {
    const model = chain([["LogSoftmax"], ["Identity"]], ["batch", 5]);
    expect(() => appendSampler(model, { logits: "y" })).not.toThrow();
    expect(inspectModel(model).logits).toMatchObject([{ name: "y", reason: "log-probabilities", axis: -1 }]);
  });

  it("however the nodes go in circles", () => {
    const builder = createGraphBuilder();
    builder.input("input", { type: "float32", dims: [2] });
    const a = builder.node("Identity", ["b"], "a");
    builder.node("Identity", [a], "b");
    builder.output(a, "y", { type: "float32", dims: [2] });
    expect(() => inspectModel(modelOf(builder))).not.toThrow();
  });
});

describe("the axis of the categories", () => {
  it.each<[string, Uint8Array, number]>([
    ["the last of a matrix", chain([["Identity"]], ["batch", 7]), -1],
    ["the only wide one behind the batch", chain([["Identity"]], [1, 1000, 1, 1]), 1],
    ["the channels of a convolution", imageModel([1, 19, 4, 5]), 1],
    ["the last of a batch of sequences", chain([["Identity"]], ["batch", "time", 50]), -1],
    ["that of the softmax", chain([["Softmax", { axis: 1 }]], [2, 19, 4, 5]), 1],
    ["that of the softmax, from the end", chain([["Softmax", { axis: -2 }]], [2, 19, 4]), 1],
    ["the last by default", chain([["Softmax"]], [2, 19, 4]), -1],
    ["1 by default below opset 13", chain([["Softmax"]], [2, 19], 11), -1],
    ["the only wide one of an old softmax", chain([["Softmax"]], [1, 1000, 1, 1], 9), 1],
    ["that of a LogSoftmax", chain([["LogSoftmax", { axis: 1 }]], [2, 19, 4, 5]), 1],
  ])("is %s", (_, model, axis) => {
    expect(inspectModel(model).logits).toMatchObject([{ axis, obstacle: undefined }]);
  });

  it("is none where an old softmax runs over several dimensions", () => {
    const [{ obstacle }] = inspectModel(chain([["Softmax", { axis: 1 }]], [2, 19, 4, 5], 11)).logits;
    expect(obstacle).toMatch(/softmax runs over the dimensions 1, 2, 3 as one/);
  });

  it("is none where there is one category", () => {
    expect(inspectModel(chain([["Identity"]], ["batch", 1])).logits).toEqual([]);
  });
});

it("caches and states are left out, and the likeliest logits come first", () => {
  const builder = createGraphBuilder();
  const dims = ["batch", 4, 8];
  const x = builder.input("x", { type: "float32", dims });
  const past = builder.input("past_key_values.0.key", { type: "float32", dims });
  builder.output(builder.node("Concat", [past, x], "grown", { axis: 1 }), "kv", { type: "float32", dims });
  builder.output(builder.node("Identity", [x], "b"), "present.0.value", { type: "float32", dims });
  builder.output(builder.node("Identity", [x], "c"), "scores", { type: "float32", dims });
  builder.output(builder.node("Identity", [x], "d"), "logits", { type: "float32", dims });
  builder.output(builder.node("Softmax", [builder.node("Tanh", [x], "head")], "e"), "p", {
    type: "float32",
    dims,
  });
  expect(inspectModel(modelOf(builder)).logits.map(({ name }) => name)).toEqual(["head", "logits", "scores"]);
});

it.each(["Selu", "Softsign", "HardSigmoid", "ScatterND", "ReduceLogSumExp", "TopK", "LSTM", "GridSample"])(
  "the type of what %s gives is that of its input, without shape inference",
  (opType) => {
    const builder = createGraphBuilder();
    const x = builder.input("x", { type: "float32", dims: ["batch", 5] });
    const made = builder.node(opType, [x], "made");
    // The output states no type, from which that of `made` would follow too.
    builder.output(builder.node("Identity", [made], "last"), "y", {} as never);
    const attempt = () => appendSampler(modelOf(builder), { logits: made, shape: ["batch", 5] });
    expect(attempt).not.toThrow();
  },
);
