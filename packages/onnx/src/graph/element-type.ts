// Element types by the names that ONNX Runtime's JavaScript uses, and how values of each are laid out in a model.
import { TensorProto_DataType } from "onnx-buf";

/** An element type. */
export type ElementType =
  | "bool"
  | "float16"
  | "float32"
  | "float64"
  | "int32"
  | "int64"
  | "uint32"
  | "uint64";

/** ONNX's code of each element type that sampling graphs use. */
export const ELEMENT_TYPES: Readonly<Record<ElementType, TensorProto_DataType>> = {
  bool: TensorProto_DataType.BOOL,
  float16: TensorProto_DataType.FLOAT16,
  float32: TensorProto_DataType.FLOAT,
  float64: TensorProto_DataType.DOUBLE,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  uint32: TensorProto_DataType.UINT32,
  uint64: TensorProto_DataType.UINT64,
};

/** Values of an initializer, little-endian as ONNX asks for. Integers are taken modulo the type's range. */
export function rawDataOf(type: ElementType, values: readonly (number | bigint)[]): Uint8Array<ArrayBuffer> {
  const size = type === "float16" ? 2 : type.endsWith("64") ? 8 : 4;
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) {
    const at = i * size;
    if (type === "float32") view.setFloat32(at, Number(value), true);
    else if (type === "float64") view.setFloat64(at, Number(value), true);
    else if (type === "float16" || type === "bool") throw new RangeError(`there are no constants of ${type}`);
    else if (size === 8) view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
    else view.setUint32(at, Number(BigInt.asUintN(32, BigInt(value))), true);
  }
  return bytes;
}
