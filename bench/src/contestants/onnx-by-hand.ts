// What ONNX Runtime's users have without us: graphs written by hand over its random operators, and Multinomial.
import { create, toBinary } from "@bufbuild/protobuf";
import type { OrtTensor } from "@gumbel/onnx";
import * as onnx from "onnx-buf";
import type { Contestant } from "../contestant.ts";
import { FILTERS } from "../filtered.ts";
import { type OnnxPlace, ofGraphs } from "./of-graphs.ts";

const TYPES = { float: 1, int32: 6, int64: 7 };

type Node = [opType: string, input: string[], output: string | string[], attributes?: Record<string, number>];

/** Constants that nodes may name: numbers, of which the bigints are lists of one int64. */
const CONSTANTS: Readonly<Record<string, number | bigint>> = {
  low: 1e-20,
  high: 1 - 2 ** -24,
  fifty: BigInt(FILTERS.topK.topK),
  last: 1n,
  p: FILTERS.topP.topP,
  log_m: Math.log(FILTERS.minP.minP),
  masked: Number.NEGATIVE_INFINITY,
};

/** A model of float32 `logits`; the last node's output is the model's. */
function model(nodes: readonly Node[], type: keyof typeof TYPES = "float"): Uint8Array {
  const info = (name: string, elemType: number) =>
    create(onnx.ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value: { elemType } } } });
  const outputsOf = ([, , output]: Node) => (typeof output === "string" ? [output] : output);
  const graph = {
    name: "by hand",
    node: nodes.map((node) => {
      const [opType, input, , attributes = {}] = node;
      const output = outputsOf(node);
      const attribute = Object.entries(attributes).map(([name, value]) =>
        create(onnx.AttributeProtoSchema, { name, type: 2, i: BigInt(value) }),
      );
      return create(onnx.NodeProtoSchema, { opType, input, output, name: output[0], attribute });
    }),
    initializer: Object.entries(CONSTANTS)
      .filter(([name]) => nodes.some(([, input]) => input.includes(name)))
      .map(([name, value]) => {
        const isInteger = typeof value === "bigint";
        const { buffer } = isInteger ? BigInt64Array.of(value) : Float32Array.of(value);
        const [dataType, dims] = isInteger ? [TYPES.int64, [1n]] : [TYPES.float, []];
        return create(onnx.TensorProtoSchema, { name, dataType, dims, rawData: new Uint8Array(buffer) });
      }),
    input: [info("logits", TYPES.float)],
    output: [info(outputsOf(nodes[nodes.length - 1])[0], TYPES[type])],
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

/** The 50 largest logits in falling order, or all, and their indices. */
const largest = (k: "fifty" | "all"): readonly Node[] => [
  ["Shape", ["logits"], "all", { start: 1 }],
  ["Min", [k, "all"], "k"],
  ["TopK", ["logits", "k"], ["values", "ids"]],
];
/** Masks what is behind a mass of p. */
const TOP_P: readonly Node[] = [
  ["Softmax", ["values"], "probabilities", ROW],
  ["CumSum", ["probabilities", "last"], "before", { exclusive: 1 }],
  ["Less", ["before", "p"], "is_kept"],
  ["Where", ["is_kept", "values", "masked"], "of_top_p"],
];
/** Masks what is less likely than a share of the largest. */
const minP = (from: string): readonly Node[] => [
  ["ReduceMax", [from, "last"], "maximum", { keepdims: 1 }],
  ["Sub", [from, "maximum"], "distance"],
  ["GreaterOrEqual", ["distance", "log_m"], "is_likely"],
  ["Where", ["is_likely", from, "masked"], "of_min_p"],
];
const multinomial = (from: string): Node => ["Multinomial", [from], "place", { dtype: 7, sample_size: 1 }];
const drawnOf = (from: string): readonly Node[] => [
  multinomial(from),
  ["GatherElements", ["ids", "place"], "indices", { axis: 1 }],
];

const FILTERED = {
  topK: [
    "TopK, Multinomial, GatherElements",
    () => model([...largest("fifty"), ...drawnOf("values")], "int64"),
  ],
  minP: ["ReduceMax, Where, Multinomial", () => model([...minP("logits"), multinomial("of_min_p")], "int64")],
  topP: [
    "TopK of all, Softmax, CumSum, Where, Multinomial, GatherElements",
    () => model([...largest("all"), ...TOP_P, ...drawnOf("of_top_p")], "int64"),
  ],
  filters: [
    "TopK, Softmax, CumSum, Where, ReduceMax, Where, Multinomial, GatherElements",
    () => model([...largest("fifty"), ...TOP_P, ...minP("of_top_p"), ...drawnOf("of_min_p")], "int64"),
  ],
} as const;

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
  const operations = ofGraphs(where, {
    categorical: ["Multinomial(logits)", () => model([draw], "int32")],
    ...FILTERED,
  });
  return [
    { ...base, id: `onnx-${place}-by-hand`, name: byHand, operations: ofGraphs(where, GRAPHS) },
    { ...base, id: `onnx-${place}-multinomial`, name: `Multinomial (${library}, ${place})`, operations },
  ];
}
