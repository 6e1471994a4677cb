// The parts of ONNX Runtime's JavaScript API that are used here, so that either package (onnxruntime-node or
// onnxruntime-web, whatever its build) fits.

/** A tensor of ONNX Runtime. */
export interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
  readonly location: string;
  getData(releaseData?: boolean): Promise<unknown>;
  dispose(): void;
}

/** A session of ONNX Runtime. */
export interface OrtSession<T> {
  run(feeds: Readonly<Record<string, T>>): Promise<Readonly<Record<string, unknown>>>;
  release(): Promise<void>;
}

/** ONNX Runtime as a namespace: `import * as ort from "onnxruntime-node"`, or from "onnxruntime-web" or one of its builds. */
export interface OnnxRuntime<T extends OrtTensor> {
  readonly Tensor: new (
    // biome-ignore lint/suspicious/noExplicitAny: the constructor is overloaded over every element type
    type: any,
    // biome-ignore lint/suspicious/noExplicitAny: as above
    data: any,
    dims?: readonly number[],
  ) => T;
  readonly InferenceSession: {
    // biome-ignore lint/suspicious/noExplicitAny: the options differ between the packages
    create(model: Uint8Array, options?: any): Promise<OrtSession<T>>;
  };
}
