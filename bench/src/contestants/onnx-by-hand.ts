// What ONNX Runtime's users have without us: graphs written by hand over its random operators, and Multinomial.
import { create, toBinary } from "@bufbuild/protobuf";
import type { OrtTensor } from "@gumbel/onnx";
import * as onnx from "onnx-buf";
import type { Contestant } from "../contestant.ts";
import { type OnnxPlace, ofGraphs } from "./of-graphs.ts";

const TYPES = { float: 1, int32: 6, int64: 7 };

type Node = [opType: string, input: string[], output: string, attributes?: Record<string, number>];

/** A model of float32 `logits`; the last node's output is the model's. */
function model(nodes: readonly Node[], type: keyof typeof TYPES = "float"): Uint8Array {
  const info = (name: string, elemType: number) =>
    create(onnx.ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value: { elemType } } } });
  const scalars = Object.entries({ low: 1e-20, high: 1 - 2 ** -24 });
  const graph = {
    name: "by hand",
    node: nodes.map(([opType, input, output, attributes = {}]) => {
      const attribute = Object.entries(attributes).map(([name, value]) =>
        create(onnx.AttributeProtoSchema, { name, type: 2, i: BigInt(value) }),
      );
      return create(onnx.NodeProtoSchema, { opType, input, output: [output], name: output, attribute });
    }),
    initializer: scalars
      .filter(([name]) => nodes.some(([, input]) => input.includes(name)))
      .map(([name, value]) => {
        const rawData = new Uint8Array(Float32Array.of(value).buffer);
        return create(onnx.TensorProtoSchema, { name, dataType: TYPES.float, rawData });
      }),
    input: [info("logits", TYPES.float)],
    output: [info(nodes[nodes.length - 1][2], TYPES[type])],
  };
  const opsetImport = [{ domain: "", version: 18n }];
  return toBinary(
    onnx.ModelProtoSchema,
    create(onnx.ModelProtoSchema, { irVersion: 8n, opsetImport, graph }),
  );
}

const UNIFORM: Node = ["RandomUniformLike", ["logits"], "u"];
/** `log(−log(u))`, clipped as people clip it. */
const LOG: readonly Node[] = [
  UNIFORM,
  ["Clip", ["u", "low", "high"], "clipped"],
  ["Log", ["clipped"], "log_u"],
  ["Neg", ["log_u"], "e"],
  ["Log", ["e"], "log_e"],
];
/** What a PyTorch user's export of `logits − log(−log(rand_like(logits)))` is. */
const PERTURBED: readonly Node[] = [...LOG, ["Sub", ["logits", "log_e"], "z"]];
const ROW = { axis: -1 };

/** A model that ends in logits called `same`. */
export function identityModel(): Uint8Array {
  return model([["Identity", ["logits"], "same"]]);
}

const GRAPHS = {
  categorical: [
    "ArgMax(logits − Log(−Log(Clip(RandomUniformLike))))",
    () => model([...PERTURBED, ["ArgMax", ["z"], "indices", { ...ROW, keepdims: 0 }]], "int64"),
  ],
  gumbelSoftmax: [
    "Softmax(logits − Log(−Log(Clip(RandomUniformLike))))",
    () => model([...PERTURBED, ["Softmax", ["z"], "y", ROW]]),
  ],
  gumbel: ["−Log(−Log(Clip(RandomUniformLike)))", () => model([...LOG, ["Neg", ["log_e"], "g"]])],
  bits: ["RandomUniformLike", () => model([UNIFORM])],
  softmax: ["Softmax", () => model([["Softmax", ["logits"], "y", ROW]])],
} as const;

export function onnxByHand<T extends OrtTensor>(where: OnnxPlace<T>): Contestant[] {
  const { place, library } = where;
  const base = { family: "onnx", library } as const;
  const byHand = `graph written by hand (${library}, ${place})`;
  const draw: Node = ["Multinomial", ["logits"], "indices", { dtype: TYPES.int32, sample_size: 1 }];
  const operations = ofGraphs(where, { categorical: ["Multinomial(logits)", () => model([draw], "int32")] });
  return [
    { ...base, id: `onnx-${place}-by-hand`, name: byHand, operations: ofGraphs(where, GRAPHS) },
    { ...base, id: `onnx-${place}-multinomial`, name: `Multinomial (${library}, ${place})`, operations },
  ];
}
