// Models and values as they come: what cannot be used is refused with an error that says so, never another one.
import { create } from "@bufbuild/protobuf";
import { NodeProtoSchema } from "onnx-buf";
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { createGraphBuilder } from "../src/graph/graph-builder.ts";
import { readModel, writeModel } from "../src/graph/model-bytes.ts";
import { appendSampler, createSampler, inspectModel, key, ModelError, noiseBits } from "../src/index.ts";
import { modelOf, tinyModel } from "./tiny-model.ts";

/** The tiny model after a change. */
function changed(change: (model: ReturnType<typeof readModel>) => void, opset = 21): Uint8Array {
  const model = readModel(tinyModel({ opset }));
  change(model);
  return writeModel(model);
}

function outcome(attempt: () => unknown): string {
  try {
    attempt();
    return "done";
  } catch (error) {
    return error instanceof ModelError || error instanceof RangeError ? "refused" : String(error);
  }
}

const dimension = (value: bigint) =>
  changed(({ graph }) => {
    const type = graph.output[0].type!.value as { value: { shape: { dim: { value: object }[] } } };
    type.value.shape.dim[1].value = { case: "dimValue", value };
  });

it.each<[string, Uint8Array]>([
  ...["constructor", "__proto__", "toString", "hasOwnProperty", ""].flatMap(
    (opType): [string, Uint8Array][] =>
      [21, 13].map((opset) => [
        `operator ${JSON.stringify(opType)} of opset ${opset}`,
        changed(({ graph }) => {
          graph.node[0].opType = opType;
        }, opset),
      ]),
  ),
  ...["Softmax", "Exp", "Resize", "Upsample", "Split", "Clip", "Dropout", "Slice"].map(
    (opType): [string, Uint8Array] => [
      `${opType} without inputs`,
      changed(({ graph }) => {
        graph.node[0].opType = opType;
        graph.node[0].input = [];
      }, 9),
    ],
  ),
  ["no outputs", changed(({ graph }) => graph.node.push(create(NodeProtoSchema, { opType: "Softmax" })), 9)],
  ...[0, 999, -1].map((elemType): [string, Uint8Array] => [
    `element type ${elemType}`,
    changed(({ graph }) => {
      const type = graph.output[0].type!.value as { value: { elemType: number } };
      type.value.elemType = elemType;
    }),
  ]),
  ...[-1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)].map((value): [string, Uint8Array] => [
    `dimension ${value}`,
    dimension(value),
  ]),
  ["opset 2^62", changed(({ opsetImport }) => Object.assign(opsetImport[0], { version: 2n ** 62n }))],
  ["opset -1", changed(({ opsetImport }) => Object.assign(opsetImport[0], { version: -1n }))],
])("a model with %s is read, and given a sampler or refused", (_, model) => {
  expect(["done", "refused"]).toContain(outcome(() => inspectModel(model)));
  expect(["done", "refused"]).toContain(outcome(() => appendSampler(model, { logits: "logits" })));
});

it.each([-1n, 2n ** 53n + 1n])("a dimension of %d is an unknown one", async (value) => {
  const model = appendSampler(dimension(value), { logits: "logits" });
  expect(inspectModel(dimension(value)).logits).toMatchObject([{ type: "float32 [batch, ?]", axis: -1 }]);
  if (value < 0n) await (await ort.InferenceSession.create(model)).release();
});

it("an ArrayBuffer is bytes too", () => {
  const bytes = tinyModel();
  expect(appendSampler(bytes.buffer, { logits: "logits" })).toEqual(
    appendSampler(bytes, { logits: "logits" }),
  );
  expect(() => appendSampler([1, 2] as never, { logits: "logits" })).toThrow(/must be a Uint8Array/);
});

it("a model that imports another operator set alone gets ONNX's own for the sampler", async () => {
  const builder = createGraphBuilder();
  const x = builder.input("x", { type: "float32", dims: ["batch", 3] });
  const scaled = builder.node("Scaler", [x], "scaled");
  builder.output(scaled, "logits", { type: "float32", dims: ["batch", 3] });
  const model = readModel(modelOf(builder));
  model.graph.node[0].domain = "ai.onnx.ml";
  model.opsetImport[0].domain = "ai.onnx.ml";
  model.opsetImport[0].version = 3n;
  const appended = appendSampler(writeModel(model), { logits: "logits" });
  expect(readModel(appended).opsetImport.map(({ domain, version }) => [domain, version])).toEqual([
    ["ai.onnx.ml", 3n],
    ["", 18n],
  ]);
});

it("strings that are not UTF-8 stay as they are, to the byte", () => {
  const [mark, broken] = ["§§§§", Buffer.of(0xff, 0xfe, 0xc0, 0x80, 0xff, 0xfe, 0xc0, 0x80)];
  const bytes = Buffer.from(
    changed((model) => {
      model.docString = mark;
      model.graph.docString = mark;
      model.graph.node[0].docString = mark;
    }),
  );
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark)) bytes.set(broken, at);
  const appended = Buffer.from(appendSampler(bytes, { logits: "logits" }));
  // The graph is field 7: its tag, its length of two bytes, and what it holds.
  const start = bytes.indexOf(Buffer.of(0x3a));
  expect(appended.subarray(0, start)).toEqual(bytes.subarray(0, start));
  const length = (bytes[start + 1] & 0x7f) | (bytes[start + 2] << 7);
  const end = start + 3 + length;
  expect(appended.includes(bytes.subarray(start + 3, end))).toBe(true);
  expect(appended.subarray(-(bytes.length - end))).toEqual(bytes.subarray(end));
  expect(bytes.subarray(start + 3, end).includes(broken)).toBe(true);
});

it("createSampler and its tensors are told apart from what they are not", async () => {
  for (const wrong of [undefined, null, {}, 3, await ort.InferenceSession.create(tinyModel())]) {
    expect(() => createSampler(wrong as never)).toThrow(TypeError);
    expect(() => createSampler(wrong as never)).toThrow(/ort must be the namespace of onnxruntime-node/);
  }
  expect(() => createSampler(ort, "cpu" as never)).toThrow(/takes options such as .*, got "cpu"/);
  expect(() => createSampler(ort, { integer: "uint64" })).toThrow(
    /createSampler has no option integer: did you mean integers/,
  );
  const sampler = createSampler(ort);
  const data = new ort.Tensor("float32", new Float32Array(2), [2]);
  const foreign = { type: "float32", dims: [2], data: new Float32Array(2), location: "cpu" };
  await expect(sampler.categorical(foreign as never)).rejects.toThrow(/of another copy of ONNX Runtime/);
  await expect(sampler.categorical({ ort_tensor: data } as never)).rejects.toThrow(/pass its ort_tensor/);
  await expect(sampler.categorical(data, { tau: 1 } as never)).rejects.toThrow(
    /no option tau: did you mean temperature/,
  );
});

it("noiseBits refuses a key in the place of its options, and options that it does not have", () => {
  expect(() => noiseBits([3], key(5) as never)).toThrow(
    "noiseBits takes options such as { key, precision }, got [0, 5]",
  );
  expect(() => noiseBits([3], { keys: key(5) } as never)).toThrow(
    "noiseBits has no option keys: did you mean key?",
  );
});
