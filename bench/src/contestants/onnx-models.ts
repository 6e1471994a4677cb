// ONNX models written by hand, as people write them without this repository.
import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";

type Node = [opType: string, input: string[], output: string, attributes?: Record<string, number>];

/** Element types of ONNX that are used here. */
const TYPES = { float: 1, int32: 6, int64: 7 };

/** A model of float32 logits from a list of nodes. */
function model(
  nodes: readonly Node[],
  scalars: Readonly<Record<string, number>>,
  output: string,
  type: keyof typeof TYPES,
): Uint8Array {
  const info = (name: string, elemType: number) =>
    create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value: { elemType } } } });
  const bytes = (value: number) => new Uint8Array(Float32Array.of(value).buffer);
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: "", version: 18n }],
      graph: {
        name: "by hand",
        node: nodes.map(([opType, input, name, attributes = {}]) =>
          create(NodeProtoSchema, {
            opType,
            input,
            output: [name],
            name,
            attribute: Object.entries(attributes).map(([attribute, value]) =>
              create(AttributeProtoSchema, { name: attribute, type: 2, i: BigInt(value) }),
            ),
          }),
        ),
        initializer: Object.entries(scalars).map(([name, value]) =>
          create(TensorProtoSchema, { name, dataType: TYPES.float, rawData: bytes(value) }),
        ),
        input: [info("logits", TYPES.float)],
        output: [info(output, TYPES[type])],
      },
    }),
  );
}

/** `−log(−log(u))` with RandomUniformLike, clipped as people clip it. */
const NOISE: readonly Node[] = [
  ["RandomUniformLike", ["logits"], "u"],
  ["Clip", ["u", "low", "high"], "clipped"],
  ["Log", ["clipped"], "log_u"],
  ["Neg", ["log_u"], "e"],
  ["Log", ["e"], "log_e"],
];
const BOUNDS = { low: 1e-20, high: 1 - 2 ** -24 };
const PERTURBED: readonly Node[] = [...NOISE, ["Sub", ["logits", "log_e"], "z"]];

/** What a PyTorch user's export of `argmax(logits − log(−log(rand_like(logits))))` is. */
export function categoricalModel(): Uint8Array {
  return model(
    [...PERTURBED, ["ArgMax", ["z"], "indices", { axis: -1, keepdims: 0 }]],
    BOUNDS,
    "indices",
    "int64",
  );
}

/** The same with a softmax. */
export function gumbelSoftmaxModel(): Uint8Array {
  return model([...PERTURBED, ["Softmax", ["z"], "y", { axis: -1 }]], BOUNDS, "y", "float");
}

/** The noise alone; the logits give the shape. */
export function gumbelModel(): Uint8Array {
  return model([...NOISE, ["Neg", ["log_e"], "g"]], BOUNDS, "g", "float");
}

/** ONNX's Multinomial, which takes unnormalised log-probabilities. */
export function multinomialModel(): Uint8Array {
  return model(
    [["Multinomial", ["logits"], "indices", { dtype: TYPES.int32, sample_size: 1 }]],
    {},
    "indices",
    "int32",
  );
}

/** Softmax alone. */
export function softmaxModel(): Uint8Array {
  return model([["Softmax", ["logits"], "y", { axis: -1 }]], {}, "y", "float");
}

/** RandomUniformLike alone. */
export function uniformModel(): Uint8Array {
  return model([["RandomUniformLike", ["logits"], "u"]], {}, "u", "float");
}

/** A model that ends in logits. */
export function identityModel(): Uint8Array {
  return model([["Identity", ["logits"], "same"]], {}, "same", "float");
}
