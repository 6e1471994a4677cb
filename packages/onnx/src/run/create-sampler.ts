// The sampler over ONNX Runtime sessions: core's face over graphs, noise and a cache of sessions.
import type { Sampler } from "@gumbel/core";
import {
  assertOneOf,
  createSamplerOver,
  type ResolvedNoise,
  readOptions,
  sizeOf,
} from "@gumbel/core/adapter";
import type { Graph } from "../models/graph.ts";
import { kernelsFor } from "../nodes/kernels.ts";
import { wordsOf } from "../noise-bits.ts";
import { createKernels, type GraphValues, type SessionRun } from "./kernels.ts";
import { createNoiseSource, type Feed, int64Feed } from "./noise-source.ts";
import { assertRuntime, type OnnxRuntime, type OrtTensor, shapeOfTensor } from "./onnx-runtime.ts";
import type { SamplerOptions } from "./sampler-options.ts";
import { createSessionCache } from "./session-cache.ts";

/** A `Sampler` over ONNX Runtime's tensors. Logits and cotangents are float32 or float16, results float32. */
export interface OnnxSampler<T> extends Sampler<T, "async"> {}

/** Its own options, and those of `InferenceSession.create` in ONNX Runtime 1.30; `extra` takes what later ones add. */
const OPTIONS = [
  "noise",
  "integers",
  "executionProviders",
  "intraOpNumThreads",
  "interOpNumThreads",
  "freeDimensionOverrides",
  "graphOptimizationLevel",
  "enableCpuMemArena",
  "enableMemPattern",
  "executionMode",
  "optimizedModelFilePath",
  "enableProfiling",
  "profileFilePrefix",
  "logId",
  "logSeverityLevel",
  "logVerbosityLevel",
  "preferredOutputLocation",
  "enableGraphCapture",
  "externalData",
  "extra",
];

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint32: Uint32Array };

/**
 * Creates a sampler that runs the exported graphs in sessions, which are made at the first call of each kind. Where the
 * logits are in a GPU buffer, so are the results.
 *
 * @param ort the namespace of `onnxruntime-node` or `onnxruntime-web`
 * @throws TypeError or RangeError for what is no such namespace, and for a wrong option
 * @example createSampler(ort, { executionProviders: ["cpu"] })
 */
export function createSampler<T extends OrtTensor>(
  ort: OnnxRuntime<T>,
  options: SamplerOptions = {},
): OnnxSampler<T> {
  assertRuntime(ort);
  const {
    noise: chosen,
    integers: given,
    ...sessionOptions
  } = readOptions("createSampler", options, OPTIONS);
  const providers = (sessionOptions.executionProviders ?? []).map((provider) =>
    typeof provider === "string" ? provider : String((provider as { name?: unknown }).name),
  );
  const isWebGpu = providers.includes("webgpu");
  const integers = given ?? (isWebGpu ? "uint64" : "uint32");
  if (chosen != null && typeof chosen !== "function") {
    assertOneOf(chosen, "noise", ["bits", "input", "threefry"]);
  }
  assertOneOf(integers, "integers", ["uint32", "uint64"]);
  const noiseOf = createNoiseSource(chosen ?? undefined, isWebGpu ? "input" : "bits", integers);
  const cache = createSessionCache(ort, sessionOptions);
  const tensorOf = ({ type, data, dims }: Feed) => new ort.Tensor(type, data, dims);

  return createSamplerOver<T, "async", T, SessionRun>({
    name: `onnxruntime-${providers.join("-") || "default"}`,
    mode: "async",
    kernels: createKernels<T>(kernelsFor(integers)),
    filters: ["mask", "topK", "topP", "minP"],
    perRow: true,
    shapeOf: (value, argument) => shapeOfTensor(ort, value, argument),
    zeros: ({ dtype, shape }) => new ort.Tensor(dtype, new ARRAYS[dtype](sizeOf(shape)), shape),
    async run(start, job) {
      const { graph, values, draws, keys } = start(job.inputs);
      // Words are integers: made outside the graph they are the same, and much faster.
      if (graph.operation === "bits" && chosen !== "threefry") {
        const { shape } = draws as ResolvedNoise;
        return { words: new ort.Tensor("uint32", wordsOf(draws as ResolvedNoise), shape) };
      }
      const noise = draws && (await noiseOf(draws, keys));
      if (graph.operation === "gumbel" && noise?.feeds.noise !== undefined) {
        return { noise: tensorOf(noise.feeds.noise) };
      }
      // A loop, not a spread, which costs a microsecond on Node 20.
      const feeds: Record<string, T> = Object.assign({}, job.inputs);
      for (const made of [feedsOf(values), values.rows, noise?.feeds]) {
        for (const name in made) feeds[name] = tensorOf(made[name]);
      }
      const onDevice = job.inputs.logits?.location === "gpu-buffer";
      const halves = Object.keys(job.inputs).filter((name) => job.inputs[name].type === "float16");
      const float16 = halves.length === 0 ? undefined : halves;
      return cache.run(Object.assign(graph, { noise: noise?.graph, float16 }) as Graph, feeds, onDevice);
    },
    dispose: () => cache.release(),
  });
}

/** Graph inputs made of a call's options. */
function feedsOf({ shape, sample_shape, k, temperature }: GraphValues): Record<string, Feed> {
  const feeds: Record<string, Feed> = {};
  if (shape !== undefined) feeds.shape = int64Feed(shape);
  if (sample_shape !== undefined) feeds.sample_shape = int64Feed(sample_shape);
  if (k !== undefined) feeds.k = int64Feed([k]);
  if (temperature !== undefined) {
    feeds.temperature = { type: "float32", data: Float32Array.of(temperature), dims: [] };
  }
  return feeds;
}
