// Kinds of typed arrays, told by name: `instanceof` does not know an array of another realm (a frame, a vm context).

interface TypedArrays {
  Float32Array: Float32Array;
  Int32Array: Int32Array;
  Uint32Array: Uint32Array;
  Uint16Array: Uint16Array;
}

/** Whether a value is a typed array of a kind. */
export function isTypedArray<Name extends keyof TypedArrays>(
  value: unknown,
  name: Name,
): value is TypedArrays[Name] {
  return ArrayBuffer.isView(value) && (value as Float32Array)[Symbol.toStringTag] === (name as string);
}
