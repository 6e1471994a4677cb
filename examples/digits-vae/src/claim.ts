// One key, one sample: codes drawn on each backend of TensorFlow.js, on WebGPU and by ONNX Runtime, against the
// float64 reference.
import { categorical, gumbelTopK, type Key, type NdArray } from "@gumbel/core";
import type { TensorSampler } from "@gumbel/tfjs";
import * as tf from "@tensorflow/tfjs";
import * as ort from "onnxruntime-node";
import { openGpu } from "./open-gpu.ts";
import { BACKENDS, startBackend, startWebgpuBackend } from "./start-backend.ts";
import { webgpuCodes } from "./webgpu-codes.ts";

/** Images whose codes are shown. */
const SHOWN = 3;

/** Names of the backends in the report. */
const NAMES = {
  reference: "float64 reference",
  cpu: "TensorFlow.js cpu",
  wasm: "TensorFlow.js wasm",
  webgpu: "TensorFlow.js webgpu",
  "gumbel-webgpu": "@gumbel/webgpu",
  onnx: "ONNX Runtime",
} as const;

/** The codes that one backend drew. */
export interface BackendCodes {
  readonly backend: keyof typeof NAMES;
  /** Name in the report. */
  readonly name: string;
  /** Codes of the first images, a digit a variable. */
  readonly shown: readonly string[];
  /** How many codes differ from the reference's. */
  readonly different: number;
  /** How many of those are not near-ties. The claim is that this is 0. */
  readonly unexplained: number;
}

/** A comparison of backends. */
export interface Claim {
  readonly key: Key;
  /** How many codes each drew: images times variables. */
  readonly codes: number;
  /** Codes whose two largest perturbed logits are closer than the specification tells apart (GS-6). */
  readonly nearTies: number;
  /** The reference first. */
  readonly backends: readonly BackendCodes[];
  /** Why WebGPU is missing, where it is. */
  readonly lacksWebGpu?: string;
}

/** Draws codes for posterior logits [images, variables, categories] everywhere. Leaves the first backend current. */
export async function compareBackends(
  logits: NdArray<Float32Array>,
  key: Key,
  sampler: TensorSampler<tf.Tensor>,
): Promise<Claim> {
  const reference = categorical(logits, { key }).data;
  const backends = [compare("reference", reference, logits, key)];
  const drawn = async (): Promise<ArrayLike<number>> => {
    const codes = tf.tidy(() => sampler.categorical(tf.tensor(logits.data, [...logits.shape]), { key }));
    const values = await codes.data<"int32">();
    codes.dispose();
    return values;
  };
  for (const backend of [...BACKENDS].reverse()) {
    await startBackend(backend);
    backends.push(compare(backend, await drawn(), logits, key));
  }
  let lack: { lacksWebGpu?: string } = {};
  try {
    const gpu = await openGpu();
    await startWebgpuBackend();
    backends.push(compare("webgpu", await drawn(), logits, key));
    backends.push(compare("gumbel-webgpu", await webgpuCodes(gpu, logits, key), logits, key));
  } catch (error) {
    // A failure of WebGPU must not lose the report of a whole training.
    lack = { lacksWebGpu: (error as Error).message };
  }
  await startBackend(BACKENDS[0]);
  const ties = nearTies(logits, key).filter(Boolean).length;
  return { key, codes: reference.length, nearTies: ties, backends, ...lack };
}

/**
 * Runs an encoder that samples its own codes ({@link exportEncoder}) in ONNX Runtime, on images [images, pixels]. It
 * computes its own logits, in another order of sums than TensorFlow.js: the reference samples these.
 */
export async function runEncoder(
  model: Uint8Array,
  images: NdArray<Float32Array>,
  key: Key,
): Promise<BackendCodes> {
  const session = await ort.InferenceSession.create(model);
  const { logits, indices } = await session.run({
    images: new ort.Tensor("float32", images.data, images.shape),
    key: new ort.Tensor("uint32", Uint32Array.from(key), [2]),
  });
  await session.release();
  const own = { data: logits.data as Float32Array, shape: logits.dims };
  return compare("onnx", indices.data as Int32Array, own, key);
}

/** Compares the codes that a backend drew with those of the reference. */
function compare(
  backend: keyof typeof NAMES,
  codes: ArrayLike<number>,
  logits: NdArray<Float32Array>,
  key: Key,
): BackendCodes {
  const [images, variables] = logits.shape;
  const reference = categorical(logits, { key }).data;
  const isNearTie = nearTies(logits, key);
  const different = Array.from(reference.keys()).filter((i) => codes[i] !== reference[i]);
  const shown = Array.from({ length: Math.min(SHOWN, images) }, (_, image) =>
    Array.from(codes)
      .slice(image * variables, (image + 1) * variables)
      .join(""),
  );
  const unexplained = different.filter((i) => !isNearTie[i]).length;
  return { backend, name: NAMES[backend], shown, different: different.length, unexplained };
}

/** Whether the two largest perturbed logits of each row are closer than GS-6 tells apart. */
function nearTies(logits: NdArray<Float32Array>, key: Key): boolean[] {
  const { data } = gumbelTopK(logits, 2, { key }).values;
  const categories = logits.shape[logits.shape.length - 1];
  return Array.from({ length: data.length / 2 }, (_, row) => {
    const [largest, second] = [data[2 * row], data[2 * row + 1]];
    const maximum = Math.max(...logits.data.subarray(row * categories, (row + 1) * categories));
    return largest - second < 2 ** -18 * Math.max(1, Math.abs(largest - maximum));
  });
}

/** The comparison as text: the codes of the first images, and the count of all that differ. */
export function formatClaim({ key, codes, nearTies, backends, lacksWebGpu }: Claim): string {
  const width = Math.max(...backends.map(({ name }) => name.length));
  return [
    `One key, one sample: ${codes.toLocaleString("en")} codes of held-out digits under key [${key}], ${nearTies} of them near-ties`,
    ...backends.map((one, i) => {
      const count = i === 0 ? "" : `  ${describeDifference(one)} differ from the reference`;
      return `  ${one.name.padEnd(width)}  ${one.shown.join("  ")}${count}`;
    }),
    ...(lacksWebGpu === undefined ? [] : [`  WebGPU: not here, ${lacksWebGpu}`]),
  ].join("\n");
}

/** How many codes differ: those that should not, and near-ties. */
export function describeDifference({ different, unexplained }: BackendCodes): string {
  const ties = different - unexplained;
  return ties === 0
    ? `${unexplained}`
    : `${unexplained}, beside ${ties} ${ties === 1 ? "near-tie" : "near-ties"},`;
}
