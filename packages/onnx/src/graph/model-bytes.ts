// ONNX models as bytes: reads and writes the protobuf message. Fields that the schema does not know are kept.
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { describe } from "@gumbel/core/adapter";
import { type ModelProto, ModelProtoSchema } from "onnx-buf";
import { ModelError } from "./model-error.ts";

/**
 * Reads a model.
 * @throws TypeError when the value holds no bytes, ModelError when the bytes are no ONNX model with a graph
 */
export function readModel(bytes: Uint8Array): ModelProto & { graph: NonNullable<ModelProto["graph"]> } {
  // Any realm's Uint8Array will do.
  if (Object.prototype.toString.call(bytes) !== "[object Uint8Array]") {
    throw new TypeError(`model must be a Uint8Array with the bytes of an ONNX model, got ${describe(bytes)}`);
  }
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, view);
  } catch (error) {
    throw new ModelError(
      `the ${bytes.byteLength} bytes are no ONNX model, or a damaged one: ${(error as Error).message}`,
    );
  }
  const { graph } = model;
  if (graph === undefined || model.opsetImport.length === 0) {
    const lack = graph === undefined ? "graph" : "operator set";
    throw new ModelError(`the ${bytes.byteLength} bytes are no ONNX model: they hold no ${lack}`);
  }
  return Object.assign(model, { graph });
}

/** Writes a model. */
export function writeModel(model: MessageInitShape<typeof ModelProtoSchema>): Uint8Array<ArrayBuffer> {
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, model));
}
