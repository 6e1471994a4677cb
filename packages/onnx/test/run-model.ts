// Runs a model once, on either runtime, with plain arrays in and out.
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";

web.env.wasm.numThreads = 1;

type Runtime = typeof web;

/** The runtimes that Node has. */
export const RUNTIMES: readonly (readonly [name: string, ort: Runtime])[] = [
  ["onnxruntime-node", node as unknown as Runtime],
  ["onnxruntime-web", web],
];

/** Options of a session in Node: on small tensors more threads only wait for each other, which takes processor time. */
export const ONE_THREAD = { intraOpNumThreads: 1 } as const;

/** Feeds by their names: type, values, shape. */
export type Feeds = Record<
  string,
  readonly [
    type: "float32" | "uint32" | "int32" | "int64" | "bool",
    values: readonly number[],
    shape: readonly number[],
  ]
>;

/** An output. */
interface Result {
  readonly data: number[];
  readonly shape: number[];
}

const ARRAYS = {
  float32: (values: readonly number[]) => Float32Array.from(values),
  uint32: (values: readonly number[]) => Uint32Array.from(values),
  int32: (values: readonly number[]) => Int32Array.from(values),
  bool: (values: readonly number[]) => Uint8Array.from(values),
  int64: (values: readonly number[]) => BigInt64Array.from(values, BigInt),
};

/** Sessions of the models that ran, by runtime: making one takes longer than most runs. */
const sessions = new Map(
  RUNTIMES.map(([, ort]) => [ort, new WeakMap<Uint8Array, Promise<web.InferenceSession>>()]),
);

function sessionOf(ort: Runtime, model: Uint8Array): Promise<web.InferenceSession> {
  const own = sessions.get(ort)!;
  const made = own.get(model) ?? ort.InferenceSession.create(model, ONE_THREAD);
  own.set(model, made);
  return made;
}

/** The outputs by their names. A model that is the same object as before runs in its session. */
export async function runModel(
  ort: Runtime,
  model: Uint8Array,
  feeds: Feeds,
): Promise<Record<string, Result>> {
  const session = await sessionOf(ort, model);
  const tensors = Object.entries(feeds).map(([name, [type, values, dims]]) => {
    const data = ARRAYS[type](values) as Float32Array;
    return [name, new ort.Tensor(type as "float32", data, [...dims])] as const;
  });
  const result = await session.run(Object.fromEntries(tensors));
  return Object.fromEntries(
    Object.entries(result).map(([name, { data, dims }]) => [
      name,
      { data: Array.from(data as ArrayLike<number | bigint>, Number), shape: [...dims] },
    ]),
  );
}
