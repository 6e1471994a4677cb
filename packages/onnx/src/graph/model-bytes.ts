// ONNX models as bytes: reads and writes the protobuf message, and adds to one without changing the rest.
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { describe } from "@gumbel/core/adapter";
import { GraphProtoSchema, type ModelProto, ModelProtoSchema } from "onnx-buf";
import { ModelError } from "./model-error.ts";

/**
 * The bytes of a model as a view, whatever realm they are of.
 * @throws TypeError when the value holds no bytes
 */
export function bytesOf(model: Uint8Array | ArrayBuffer): Uint8Array {
  const tag = Object.prototype.toString.call(model);
  if (tag === "[object ArrayBuffer]") return new Uint8Array(model as ArrayBuffer);
  if (tag === "[object Uint8Array]") {
    const { buffer, byteOffset, byteLength } = model as Uint8Array;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  throw new TypeError(
    `model must be a Uint8Array or ArrayBuffer with the bytes of an ONNX model, got ${describe(model)}`,
  );
}

/**
 * Reads a model.
 * @throws TypeError when the value holds no bytes, ModelError when the bytes are no ONNX model with a graph
 */
export function readModel(
  bytes: Uint8Array | ArrayBuffer,
): ModelProto & { graph: NonNullable<ModelProto["graph"]> } {
  const view = bytesOf(bytes);
  const { byteLength } = view;
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, view);
  } catch (error) {
    throw new ModelError(
      `the ${byteLength} bytes are no ONNX model, or a damaged one: ${(error as Error).message}`,
    );
  }
  const { graph } = model;
  if (graph === undefined || model.opsetImport.length === 0) {
    const lack = graph === undefined ? "graph" : "operator set";
    throw new ModelError(`the ${byteLength} bytes are no ONNX model: they hold no ${lack}`);
  }
  return Object.assign(model, { graph });
}

/** Writes a model. */
export function writeModel(model: MessageInitShape<typeof ModelProtoSchema>): Uint8Array<ArrayBuffer> {
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, model));
}

/**
 * Adds to the lists of a model's graph, and fields of the model itself. All other bytes stay as they are: fields that no
 * schema knows and strings that are not UTF-8 too. In protobuf a later field extends a list and replaces a number.
 *
 * @throws ModelError when a message of the model does not end where its length says
 */
export function extendModel(
  bytes: Uint8Array,
  graph: MessageInitShape<typeof GraphProtoSchema>,
  model: MessageInitShape<typeof ModelProtoSchema>,
): Uint8Array<ArrayBuffer> {
  const { number } = ModelProtoSchema.field.graph;
  const added = toBinary(GraphProtoSchema, create(GraphProtoSchema, graph));
  try {
    const { start, body, end } = lastField(bytes, number);
    const size = end - body + added.length;
    const whole = concatenated([
      bytes.subarray(0, start),
      new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(size).finish(),
      bytes.subarray(body, end),
      added,
      bytes.subarray(end),
      toBinary(ModelProtoSchema, create(ModelProtoSchema, model)),
    ]);
    // The reader tolerates messages that overrun their length, which would swallow what is added.
    readModel(whole);
    return whole;
  } catch (error) {
    const { message } = error as Error;
    throw new ModelError(`the ${bytes.byteLength} bytes are no ONNX model, or a damaged one: ${message}`);
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Where the last length-delimited field of a number starts, where its bytes start, and where they end. */
function lastField(bytes: Uint8Array, number: number): { start: number; body: number; end: number } {
  const reader = new BinaryReader(bytes);
  let found = { start: 0, body: 0, end: 0 };
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [field, type] = reader.tag();
    if (field === number && type === WireType.LengthDelimited) {
      const length = reader.uint32();
      found = { start, body: reader.pos, end: reader.pos + length };
      reader.pos += length;
    } else {
      reader.skip(type, field);
    }
  }
  return found;
}
