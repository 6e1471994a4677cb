// The parts of ONNX Runtime's JavaScript API that are used here, so that either package (onnxruntime-node or
// onnxruntime-web, whatever its build) fits.

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
  /** Gives its memory back. */
  dispose(): void;
}

/** A session of ONNX Runtime. */
export interface OrtSession<T> {
  /** Runs the graph on named inputs, and gives its outputs by name. */
  run(feeds: Readonly<Record<string, T>>): Promise<Readonly<Record<string, unknown>>>;
  /** Gives back what the session holds. */
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
