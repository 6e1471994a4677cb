// This package's version, as models are stamped with it. A test compares it with package.json.

/** Name and version that a model's metadata carry. */
export const PRODUCER = { name: "@gumbel/onnx", version: "0.0.0" } as const;
