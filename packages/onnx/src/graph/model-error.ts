// The error of models that cannot be read, or cannot be given a sampler.

/** Thrown when bytes are no ONNX model, or a model cannot be given what was asked for. The message names the reason. */
export class ModelError extends Error {
  /** Its class, which survives what minifiers do to names. */
  override readonly name = "ModelError";
}
