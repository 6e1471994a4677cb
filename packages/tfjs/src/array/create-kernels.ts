// Kernels for the backends whose data live in typed arrays or beside them (cpu, wasm): reading them copies nothing or
// little, and whole operations at a time beat a chain of TensorFlow.js ones.
import type { NdArray, NdData } from "@gumbel/core";
import {
  FILTERS,
  isTypedArray,
  type Named,
  OPERATION_NAMES,
  type OperationName,
  type TypesOf,
} from "@gumbel/core/adapter";
import type { TensorKernels } from "../backend.ts";
import type { TfCore, TfTensor } from "../tensorflow.ts";
import { engineOf } from "./engine.ts";

type FloatsOrIndices = Float32Array | Int32Array;

/** Creates the kernels: those of the engine, with tensors for arrays. */
export function createArrayKernels(tf: TfCore): TensorKernels {
  const engine = engineOf();
  const kernelOf =
    <O extends OperationName>(operation: O) =>
    (call: TypesOf<O>["call"], inputs: Named<TfTensor, TypesOf<O>["inputs"]>) =>
      tensorsOf(tf, engine.run(operation, call, arraysOf(inputs)));
  const kernels = Object.fromEntries(OPERATION_NAMES.map((name) => [name, kernelOf(name)]));
  return {
    // One cast: there is a kernel for every name.
    ...(kernels as Pick<TensorKernels, OperationName>),
    filters: FILTERS,
    perRow: true,
    softmaxVjpOfSample: (call, y, cotangent) =>
      tf.tensor(engine.vjpOfSample(floatsOf(y), floatsOf(cotangent), call), [...call.shape], "float32"),
    softmaxOfKept: (call, decoding, logits) =>
      tf.tensor(engine.softmaxOfKept(floatsOf(logits), call, decoding), [...call.shape], "float32"),
  };
}

/** The data of tensors. The cpu backend hands out its own arrays: they must only be read. */
function arraysOf<Name extends string>(tensors: Named<TfTensor, Name>): Named<FloatsOrIndices, Name> {
  const arrays = {} as Record<Name, FloatsOrIndices>;
  for (const name in tensors) {
    const tensor = tensors[name];
    arrays[name] = tensor.dtype === "float32" ? floatsOf(tensor) : tensor.dataSync<"int32">();
  }
  return arrays;
}

/** The data of a float32 tensor. The cpu backend casts integers to it without converting their array. */
function floatsOf(tensor: TfTensor): Float32Array {
  const data: FloatsOrIndices | Uint8Array = tensor.dataSync<"float32">();
  return isTypedArray(data, "Float32Array") ? data : new Float32Array(data);
}

/** Tensors of results. The engine of TensorFlow.js makes them: `tf.tensor` would check data and shape once more. */
function tensorsOf<Name extends string>(tf: TfCore, arrays: Named<NdArray, Name>): Named<TfTensor, Name> {
  const tensors = {} as Record<Name, TfTensor>;
  for (const name in arrays) {
    const { data, shape } = arrays[name];
    const values = storedOf(data);
    const dtype = values instanceof Int32Array ? "int32" : "float32";
    tensors[name] = tf.engine().makeTensor(values, [...shape], dtype);
  }
  return tensors;
}

/** Data as TensorFlow.js holds them: float32, or int32, which holds the words of `bits` too. */
function storedOf(data: NdData): FloatsOrIndices {
  if (data instanceof Float32Array || data instanceof Int32Array) return data;
  if (data instanceof Uint32Array) return new Int32Array(data.buffer, data.byteOffset, data.length);
  return new Float32Array(data);
}
