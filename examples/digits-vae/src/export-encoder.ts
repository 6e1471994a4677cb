// The trained encoder as an ONNX model that samples its own codes. Built from the model's layers.
import { create, toBinary } from "@bufbuild/protobuf";
import { appendSampler } from "@gumbel/onnx";
import { ModelProtoSchema, TensorProto_DataType, TensorProtoSchema } from "onnx-buf";
import { PIXELS } from "./data.ts";
import type { Model } from "./model.ts";

/** The oldest ONNX operator set that a sampler needs, and the file format of its time. */
const [OPSET, IR_VERSION] = [18n, 8n];

/**
 * Exports the encoder. Inputs: `images` [batch, pixels] and `key` (uint32 `[hi, lo]`); outputs: `logits` [batch, variables,
 * categories] and `indices` [batch, variables], the code drawn under the key.
 */
export function exportEncoder({ shape, weights }: Model): Uint8Array<ArrayBuffer> {
  const { variables, categories, hidden } = shape;
  const tensors = weights.slice(0, 2 * (hidden.length + 1)).map((weight, i) => ({
    name: `${i % 2 === 0 ? "weights" : "bias"}_${i >> 1}`,
    dims: weight.shape.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    rawData: new Uint8Array(weight.dataSync<"float32">().slice().buffer),
  }));
  const codeShape = {
    name: "code_shape",
    dims: [3n],
    dataType: TensorProto_DataType.INT64,
    rawData: new Uint8Array(BigInt64Array.of(-1n, BigInt(variables), BigInt(categories)).buffer),
  };
  let x = "images";
  const node: { opType: string; name: string; input: string[]; output: string[] }[] = [];
  const add = (opType: string, input: string[], name: string): void => {
    node.push({ opType, name, input, output: [name] });
    x = name;
  };
  for (let layer = 0; layer <= hidden.length; layer++) {
    if (layer > 0) add("Relu", [x], `relu_${layer - 1}`);
    add("Gemm", [x, `weights_${layer}`, `bias_${layer}`], `dense_${layer}`);
  }
  add("Reshape", [x, codeShape.name], "logits");
  const floats = (name: string, dims: readonly (number | string)[]) => ({
    name,
    type: {
      value: {
        case: "tensorType" as const,
        value: {
          elemType: TensorProto_DataType.FLOAT,
          shape: { dim: dims.map(dimension) },
        },
      },
    },
  });
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    opsetImport: [{ domain: "", version: OPSET }],
    producerName: "digits-vae",
    graph: {
      name: "encoder",
      node,
      initializer: [...tensors, codeShape].map((tensor) => create(TensorProtoSchema, tensor)),
      input: [floats("images", ["batch", PIXELS])],
      output: [floats("logits", ["batch", variables, categories])],
    },
  });
  return appendSampler(toBinary(ModelProtoSchema, model), { logits: "logits", indexType: "int32" });
}

function dimension(size: number | string) {
  return typeof size === "string"
    ? { value: { case: "dimParam" as const, value: size } }
    : { value: { case: "dimValue" as const, value: BigInt(size) } };
}
