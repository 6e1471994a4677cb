// A small model to append to: logits = x · W, as a language model's last layer.
import { create } from "@bufbuild/protobuf";
import { TensorProto_DataLocation, TensorProtoSchema } from "onnx-buf";
import { ELEMENT_TYPES, type ElementType, rawDataOf } from "../src/graph/element-type.ts";
import { createGraphBuilder, type Dimension, type GraphBuilder } from "../src/graph/graph-builder.ts";
import { writeModel } from "../src/graph/model-bytes.ts";

/** Width of the input. */
export const WIDTH = 4;

/** The weights of {@link tinyModel}, [WIDTH, classes]. */
export function weights(classes: number): number[] {
  return Array.from({ length: WIDTH * classes }, (_, i) => Math.sin(i + 1));
}

/** What to vary of {@link tinyModel}. */
export interface TinyModel {
  readonly opset?: number;
  readonly irVersion?: number;
  /** Type of the logits. */
  readonly type?: ElementType;
  readonly classes?: number;
  /** Keep the weights in a file `weights.bin` beside the model. */
  readonly isExternal?: boolean;
  /** Shape that the model states for its logits; undefined states none. */
  readonly dims?: readonly Dimension[] | undefined;
}

/** The model: input `x` (float32 [batch, WIDTH]), output `logits`. */
export function tinyModel(options: TinyModel = {}): Uint8Array<ArrayBuffer> {
  const { opset = 21, irVersion = 10, type = "float32", classes = 7, isExternal = false } = options;
  const builder = createGraphBuilder();
  const x = builder.input("x", { type: "float32", dims: ["batch", WIDTH] });
  const product = builder.node("MatMul", [x, "W"], "product");
  const logits =
    type === "float32" ? product : builder.node("Cast", [product], "cast", { to: ELEMENT_TYPES[type] });
  const dims = "dims" in options ? options.dims : ["batch", classes];
  builder.output(logits, "logits", dims === undefined ? { type } : { type, dims });
  const place = {
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [{ key: "location", value: "weights.bin" }],
  };
  const rawData = rawDataOf("float32", weights(classes));
  const initializer = create(TensorProtoSchema, {
    name: "W",
    dims: [BigInt(WIDTH), BigInt(classes)],
    dataType: ELEMENT_TYPES.float32,
    ...(isExternal ? place : { rawData }),
  });
  return writeModel({
    irVersion: BigInt(irVersion),
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    graph: {
      name: "tiny",
      node: [...builder.nodes],
      initializer: [initializer],
      input: [...builder.inputs],
      output: [...builder.outputs],
    },
  });
}

/** Wraps a graph that was built. */
export function modelOf(builder: GraphBuilder, opset = 18): Uint8Array<ArrayBuffer> {
  return writeModel({
    irVersion: 8n,
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    graph: {
      name: "test",
      node: [...builder.nodes],
      initializer: [...builder.initializers],
      input: [...builder.inputs],
      output: [...builder.outputs],
    },
  });
}

/** A model whose logits are its input: input `x` (float32 of a rank, any dimensions), output `logits`. */
export function identityModel(rank: number): Uint8Array<ArrayBuffer> {
  const builder = createGraphBuilder();
  const dims = Array.from({ length: rank }, (_, i) => `d${i}`);
  const x = builder.input("x", { type: "float32", dims });
  builder.output(builder.node("Identity", [x], "pass"), "logits", { type: "float32", dims });
  return modelOf(builder);
}

/** A model that gives scores from a convolution, channels first. */
export function imageModel(dims: readonly number[]): Uint8Array<ArrayBuffer> {
  const builder = createGraphBuilder();
  const x = builder.input("x", { type: "float32", dims: [1, 3, 8, 8] });
  const w = builder.input("w", { type: "float32", dims: [dims[1], 3, 1, 1] });
  const made = builder.node("Relu", [builder.node("Conv", [x, w], "conv")], "relu");
  builder.output(made, "scores", { type: "float32", dims });
  return modelOf(builder);
}
