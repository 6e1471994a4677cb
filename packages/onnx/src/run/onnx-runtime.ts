// The parts of ONNX Runtime's JavaScript API that are used here, so that either package (onnxruntime-node or
// onnxruntime-web, whatever its build) fits; and the checks of values that should be such parts.
import { describe } from "@gumbel/core/adapter";

/** A tensor of ONNX Runtime. */
export interface OrtTensor {
  /** Type of an element, such as `float32`. */
  readonly type: string;
  /** Its shape. */
  readonly dims: readonly number[];
  /** Its elements, row-major; throws where they are not on the CPU. */
  readonly data: unknown;
  /** Where its elements are, such as `cpu` or `gpu-buffer`. */
  readonly location: string;
  /** Its elements, from wherever they are. */
  getData(releaseData?: boolean): Promise<unknown>;
  /** Releases its memory. */
  dispose(): void;
}

/** A session of ONNX Runtime. */
export interface OrtSession<T> {
  /** Runs the graph on named inputs, and gives its outputs by name. */
  run(feeds: Readonly<Record<string, T>>): Promise<Readonly<Record<string, unknown>>>;
  /** Releases what the session holds. */
  release(): Promise<void>;
}

/** ONNX Runtime as a namespace: `import * as ort from "onnxruntime-node"`, or from "onnxruntime-web" or one of its builds. */
export interface OnnxRuntime<T extends OrtTensor> {
  /** Class of its tensors. */
  readonly Tensor: new (
    // biome-ignore lint/suspicious/noExplicitAny: the constructor is overloaded over every element type
    type: any,
    // biome-ignore lint/suspicious/noExplicitAny: as above
    data: any,
    dims?: readonly number[],
  ) => T;
  /** Maker of sessions. */
  readonly InferenceSession: {
    /** Loads a model from its bytes. */
    // biome-ignore lint/suspicious/noExplicitAny: the options differ between the packages
    create(model: Uint8Array, options?: any): Promise<OrtSession<T>>;
  };
}

/** Checks that a value is the namespace of an ONNX Runtime. */
export function assertRuntime(ort: unknown): void {
  const { Tensor, InferenceSession } = (ort ?? {}) as Partial<OnnxRuntime<OrtTensor>>;
  if (typeof Tensor === "function" && typeof InferenceSession?.create === "function") return;
  throw new TypeError(
    `ort must be the namespace of onnxruntime-node or onnxruntime-web (import * as ort), got ${describe(ort)}`,
  );
}

/**
 * The shape of a tensor.
 * @throws TypeError naming the argument, where it is no float tensor of this runtime
 */
export function shapeOfTensor<T extends OrtTensor>(
  ort: OnnxRuntime<T>,
  value: T,
  argument: string,
): readonly number[] {
  if (!(value instanceof ort.Tensor)) {
    throw new TypeError(`${argument} must be an ort.Tensor, got ${describe(value)}${hintOf(value)}`);
  }
  if (value.type !== "float32" && value.type !== "float16") {
    throw new TypeError(`${argument} must be of type float32 or float16, got ${value.type}`);
  }
  return value.dims;
}

/** What to do about a tensor of something else. */
function hintOf(value: unknown): string {
  const { ort_tensor, dims, type, location } = (value ?? {}) as Record<string, unknown>;
  if (ort_tensor !== undefined) return ": pass its ort_tensor";
  return Array.isArray(dims) && typeof type === "string" && typeof location === "string"
    ? " of another copy of ONNX Runtime: make it with the one that createSampler was given"
    : "";
}
