// What is measured: each plan of a categorical sample and of a Gumbel-softmax sample, the graph that a PyTorch user would write
// by hand, and ONNX Runtime's own Softmax, all over one runtime.
import { create, toBinary } from "@bufbuild/protobuf";
import {
  appendSampler,
  exportCategorical,
  exportGumbelSoftmax,
  key,
  noiseBits,
  type OnnxRuntime,
  type OrtTensor,
} from "@gumbel/onnx";
import {
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";

/** A contestant: runs once, bits and tensors included. */
export interface Contestant {
  readonly name: string;
  run(step: number): Promise<unknown>;
}

type Node = [opType: string, input: string[], output: string, attributes?: Record<string, number>];

/** A model of float32 logits from a list of nodes; `c…` names are scalars. */
function model(
  nodes: readonly Node[],
  scalars: Readonly<Record<string, number>>,
  output: string,
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
          create(TensorProtoSchema, { name, dataType: 1, rawData: bytes(value) }),
        ),
        input: [info("logits", 1)],
        output: [info(output, output === "indices" ? 7 : 1)],
      },
    }),
  );
}

/** `logits − log(−log(u))` with RandomUniformLike, clipped as people clip it. */
const NOISE: readonly Node[] = [
  ["RandomUniformLike", ["logits"], "u"],
  ["Clip", ["u", "c_low", "c_high"], "clipped"],
  ["Log", ["clipped"], "log_u"],
  ["Neg", ["log_u"], "e"],
  ["Log", ["e"], "log_e"],
  ["Sub", ["logits", "log_e"], "z"],
];
const BOUNDS = { c_low: 1e-20, c_high: 1 - 2 ** -24 };
const LIKE_TORCH = {
  categorical: model([...NOISE, ["ArgMax", ["z"], "indices", { axis: -1, keepdims: 0 }]], BOUNDS, "indices"),
  gumbelSoftmax: model([...NOISE, ["Softmax", ["z"], "y", { axis: -1 }]], BOUNDS, "y"),
};
const SOFTMAX = model([["Softmax", ["logits"], "y", { axis: -1 }]], {}, "y");
const IDENTITY = model([["Identity", ["logits"], "same"]], {}, "same");

/** Largest logits that the pre-selection keeps. */
const TOP = 64;

/** The contestants of one operation, "written by hand" first. */
export async function contestants<T extends OrtTensor>(
  ort: OnnxRuntime<T>,
  sessionOptions: object,
  operation: "categorical" | "gumbelSoftmax",
  shape: readonly number[],
): Promise<Contestant[]> {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const data = Float32Array.from({ length: size }, (_, i) => 3 * Math.sin(i * i));
  const logits = new ort.Tensor("float32", data, shape);
  const exported = operation === "categorical" ? exportCategorical : exportGumbelSoftmax;
  const keys = (step: number) => ({ key: new ort.Tensor("uint32", Uint32Array.from(key(step)), [2]) });
  const bits = (step: number) => noiseBits(shape, { key: key(step) });
  const ready = bits(0);
  const plan = async (
    name: string,
    bytes: Uint8Array,
    feeds: (step: number) => Record<string, T> = () => ({}),
  ): Promise<Contestant> => {
    const session = await ort.InferenceSession.create(bytes, sessionOptions);
    return { name, run: (step) => session.run({ logits, ...feeds(step) }) };
  };
  return [
    await plan("written by hand, RandomUniformLike", LIKE_TORCH[operation]),
    await plan("ONNX Runtime's Softmax alone", SOFTMAX),
    await plan("threefry, uint32", exported(), keys),
    await plan("threefry, int32", exported({ integers: "int32" }), keys),
    await plan("threefry, uint64", exported({ integers: "uint64" }), keys),
    await plan("bits, made in JavaScript", exported({ noise: "bits" }), (step) => ({
      bits: new ort.Tensor("int64", bits(step), shape),
    })),
    await plan("bits that were there", exported({ noise: "bits" }), () => ({
      bits: new ort.Tensor("int64", ready, shape),
    })),
    await plan("noise that was there", exported({ noise: "input" }), () => ({
      noise: new ort.Tensor("float32", data, shape),
    })),
    await plan("native", exported({ noise: "native" })),
    ...(operation === "categorical"
      ? [
          await plan(
            `appended, the ${TOP} largest first`,
            appendSampler(IDENTITY, { logits: "same", topK: TOP }),
            keys,
          ),
        ]
      : []),
  ];
}
