// A sampler as one node, a call of a function of the model: it draws what the sampler's nodes draw, beside whatever the model has.
import { create } from "@bufbuild/protobuf";
import { categorical, key, split } from "@gumbel/core";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { FunctionProtoSchema, NodeProtoSchema, OperatorSetIdProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { createGraphBuilder } from "../src/graph/graph-builder.ts";
import { readModel, writeModel } from "../src/graph/model-bytes.ts";
import { type AppendSamplerOptions, appendSampler, inspectModel, noiseBits } from "../src/index.ts";
import { assertValidModel } from "./assert-valid-model.ts";
import { type Feeds, RUNTIMES, runModel } from "./run-model.ts";
import { identityModel, modelOf, tinyModel, WIDTH } from "./tiny-model.ts";

const [[, node], [, web]] = RUNTIMES;
const [ROWS, SEQUENCE, CATEGORIES] = [3, 2, 70];
const logits = Array.from({ length: ROWS * SEQUENCE * CATEGORIES }, (_, i) => 4 * Math.sin(i * i * 0.37));
const isOwn = (name: string) => name.startsWith("gumbel/");

/** What a run is fed beside the logits, by the names of inputs. */
const FEEDS: Feeds = {
  x: ["float32", logits, [ROWS, SEQUENCE, CATEGORIES]],
  key: ["uint32", key(7), [2]],
  position: ["int64", [0, 1, -1], [ROWS]],
  mask: ["int32", [-1, -2, 21], [1, 3]],
  soft_temperature: ["float32", [0.5], []],
};
const ROW_KEYS: Feeds = { key: ["uint32", split(key(7), ROWS).flat(), [ROWS, 2]] };

const asFunction = { logits: "logits", asFunction: true } as const;

const CASES: readonly { readonly options: Partial<AppendSamplerOptions>; readonly feeds?: Feeds }[] = [
  { options: {} },
  { options: { position: "last", topK: 5, topP: 0.9, temperature: 0.8, logProb: true } },
  { options: { position: "last", topP: 0.95, candidates: 4, minP: 0.01 } },
  { options: { position: "input", mask: "packed", logProb: true } },
  {
    options: {
      position: "last",
      key: "per-row",
      temperature: "per-row",
      topK: "per-row",
      topP: "input",
      minP: "input",
      logProb: true,
    },
    feeds: {
      ...ROW_KEYS,
      temperature: ["float32", [0, 1, 2], [ROWS]],
      top_k: ["int64", [9, 0, 30], [ROWS]],
      top_p: ["float32", [0.9], []],
      min_p: ["float32", [0.02], []],
    },
  },
  { options: { soft: true, softTemperature: "input", integers: "uint64", indexType: "int32" } },
  { options: { temperature: 0, position: "last" } },
  {
    options: { noise: "bits", axis: 1 },
    feeds: {
      bits: [
        "int64",
        Array.from(noiseBits([ROWS, SEQUENCE, CATEGORIES], { key: key(1) }) as BigInt64Array, Number),
        [ROWS, SEQUENCE, CATEGORIES],
      ],
    },
  },
];

it.each(CASES)(
  "a function draws what the sampler's nodes draw, to the last bit, with $options",
  async ({ options, feeds }) => {
    const [nodes, call] = [false, true].map((asFunction) =>
      appendSampler(identityModel(3), { logits: "logits", ...options, asFunction }),
    );
    assertValidModel(call, isOwn);
    const { graph, functions } = readModel(call);
    expect(graph.node.map(({ domain, opType }) => [domain, opType])).toEqual([
      ["", "Identity"],
      ["gumbel", "Categorical"],
    ]);
    expect(graph.initializer).toEqual([]);
    expect(functions).toHaveLength(1);
    const given: Feeds = { ...FEEDS, ...feeds };
    const fed = Object.fromEntries(graph.input.map(({ name }) => [name, given[name]]));
    const drawn = await runModel(node, call, fed);
    expect(drawn).toEqual(await runModel(node, nodes, fed));
  },
);

describe(shortened("so it does on onnxruntime-web", "with one set of options"), () => {
  it.each(isFullRun ? CASES : CASES.slice(1, 2))("$options", async ({ options, feeds }) => {
    const model = appendSampler(identityModel(3), { ...asFunction, ...options });
    const given: Feeds = { ...FEEDS, ...feeds };
    const fed = Object.fromEntries(readModel(model).graph.input.map(({ name }) => [name, given[name]]));
    expect((await runModel(web, model, fed)).indices).toEqual((await runModel(node, model, fed)).indices);
  });
});

/** Draws from a model with the one key, which is fed to each sampler. */
async function indicesOf(model: Uint8Array, output = "indices"): Promise<readonly number[]> {
  const inputs = readModel(model).graph.input.map(({ name }) => [name, FEEDS[name.replace("b_", "")]]);
  return (await runModel(node, model, Object.fromEntries(inputs)))[output].data;
}
const expected = Array.from(
  categorical({ data: logits, shape: [ROWS, SEQUENCE, CATEGORIES] }, { key: key(7) }).data,
);

it("two functions have names of their own, and neither the function's names nor its outputs are the model's", async () => {
  const once = appendSampler(identityModel(3), asFunction);
  expect(() => appendSampler(once, asFunction)).toThrow(
    /has a sampler already, with the node "gumbel\/Categorical"/,
  );
  expect(() => appendSampler(once, { logits: "logits" })).toThrow(/has a sampler already/);
  const twice = appendSampler(once, { ...asFunction, topK: 1, prefix: "b_" });
  assertValidModel(twice, isOwn);
  expect(readModel(twice).functions.map(({ name }) => name)).toEqual(["Categorical", "Categorical_2"]);
  expect(await indicesOf(twice)).toEqual(expected);
  const both = appendSampler(once, { logits: "logits", prefix: "b_" });
  expect(await indicesOf(both, "b_indices")).toEqual(expected);
  expect(inspectModel(twice).outputs).toEqual([
    { name: "logits", type: "float32 [d0, d1, d2]" },
    { name: "indices", type: "int64 [d0, d1]" },
    { name: "b_indices", type: "int64 [d0, d1]" },
  ]);
});

it("values of the model may be named as those of the function", async () => {
  const body = readModel(appendSampler(identityModel(3), asFunction)).functions[0];
  const builder = createGraphBuilder();
  const x = builder.input("x", { type: "float32", dims: ["a", "b", "c"] });
  let value = x;
  for (const { name } of body.node) value = builder.node("Identity", [value], name);
  builder.output(value, "logits", { type: "float32", dims: ["a", "b", "c"] });
  expect(await indicesOf(appendSampler(modelOf(builder), asFunction))).toEqual(expected);
});

it("a model may have functions, and a domain of this name", async () => {
  const model = readModel(identityModel(3));
  const domain = "gumbel";
  const call = { domain, opType: "Categorical", name: "own", input: ["x"], output: ["own"] };
  model.graph.node.unshift(create(NodeProtoSchema, call));
  model.graph.node[1].input = ["own"];
  model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version: 3n }));
  const body = [create(NodeProtoSchema, { opType: "Neg", input: ["a"], output: ["b"] })];
  const own = { domain, name: "Categorical", input: ["a"], output: ["b"], node: body };
  model.functions.push(create(FunctionProtoSchema, { ...own, opsetImport: [{ domain: "", version: 18n }] }));
  const appended = appendSampler(writeModel(model), asFunction);
  expect(readModel(appended).functions.map(({ name }) => name)).toEqual(["Categorical", "Categorical_2"]);
  expect(readModel(appended).opsetImport).toEqual(model.opsetImport);
  const negative = { data: logits.map((value) => -value), shape: [ROWS, SEQUENCE, CATEGORIES] };
  expect(await indicesOf(appended)).toEqual(Array.from(categorical(negative, { key: key(7) }).data));
});

it.each([
  { opset: 22, irVersion: 11 },
  { opset: 18, irVersion: 7 },
  { opset: 13, irVersion: 6 },
])("a model of %o gets what functions need", async ({ opset, irVersion }) => {
  const model = appendSampler(tinyModel({ opset, irVersion }), asFunction);
  assertValidModel(model, isOwn);
  const feeds: Feeds = { x: ["float32", logits.slice(0, 3 * WIDTH), [3, WIDTH]], key: FEEDS.key };
  const nodes = appendSampler(tinyModel({ opset, irVersion }), { logits: "logits" });
  expect(await runModel(node, model, feeds)).toEqual(await runModel(node, nodes, feeds));
});

it("nothing else of a model of opset 18 or more changes", () => {
  const original = tinyModel();
  const model = readModel(appendSampler(original, asFunction));
  const isKept = ({ name }: { readonly name: string }) => !/^(gumbel\/|key$|indices$)/.test(name);
  model.graph.node = model.graph.node.filter(isKept);
  model.graph.input = model.graph.input.filter(isKept);
  model.graph.output = model.graph.output.filter(isKept);
  model.functions = [];
  model.opsetImport = model.opsetImport.filter(({ domain }) => domain === "");
  expect(writeModel(model)).toEqual(original);
});
