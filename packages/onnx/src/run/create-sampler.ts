// The sampler over ONNX Runtime sessions: checks arguments, feeds the exported graphs. Computes nothing but bits.
import {
  ALL_CAPABILITIES,
  assertNoDegenerateRow,
  describe,
  type ResolvedLogits,
  type ResolvedNoise,
  type ResolvedSoftmax,
  resolveCategorical,
  resolveGumbelSoftmax,
  resolveGumbelSoftmaxVjp,
  resolveNoise,
  resolveSoftmax,
  resolveSoftmaxVjp,
  resolveTopK,
  sizeOf,
} from "@gumbel/core/adapter";
import { exportCategorical } from "../export/export-categorical.ts";
import { exportBits, exportGumbel } from "../export/export-noise.ts";
import { exportTopK } from "../export/export-top-k.ts";
import {
  assertOneOf,
  type NoiseSource,
  type ResolvedExportNoise,
  resolveExportNoise,
} from "../export/options.ts";
import type { GraphTemperature } from "../export/sampling-graph.ts";
import { type SoftGraph, softGradientModel, softModel } from "../export/soft-graphs.ts";
import { kernelsFor } from "../nodes/kernels.ts";
import { scaledTemperature } from "../nodes/temperature.ts";
import { bitsOf, noiseOf as noiseOfCall, wordsOf } from "../noise-bits.ts";
import { loadEngine } from "./load-engine.ts";
import type { OnnxRuntime, OrtTensor } from "./onnx-runtime.ts";
import type { OnnxSampler, SamplerOptions } from "./sampler.ts";
import { createSessionCache } from "./session-cache.ts";

/**
 * Creates a sampler that runs the exported graphs in sessions, which are made at the first call of each kind. Where the
 * logits are in a GPU buffer, so are the results.
 *
 * @param ort the namespace of `onnxruntime-node` or `onnxruntime-web`
 */
export function createSampler<T extends OrtTensor>(
  ort: OnnxRuntime<T>,
  options: SamplerOptions = {},
): OnnxSampler<T> {
  const providers = (options.executionProviders ?? []).map((provider) =>
    typeof provider === "string" ? provider : String((provider as { name?: unknown }).name),
  );
  const isWebGpu = providers.includes("webgpu");
  const { noise: chosen, integers = isWebGpu ? "uint64" : "uint32", ...sessionOptions } = options;
  const plain = isWebGpu ? "input" : "bits";
  assertOneOf("noise", typeof chosen === "function" ? "input" : (chosen ?? plain), [
    "bits",
    "input",
    "threefry",
  ]);
  const cache = createSessionCache(ort, sessionOptions);
  let isDisposed = false;

  const tensor = (type: string, data: unknown, dims: readonly number[]): T =>
    new ort.Tensor(type, data, dims);
  const int64 = (values: readonly number[], dims: readonly number[] = []) =>
    tensor("int64", BigInt64Array.from(values, BigInt), dims);
  const scalar = (value: number) => tensor("float32", Float32Array.of(value), []);
  /** The temperature of a call: passes over the logits that would change nothing are left out of the graph. */
  const temperatureOf = (value: number): CallTemperature<T> => {
    const { scale, divisor } = scaledTemperature(value);
    if (scale !== 1)
      return { temperature: "scaled", feeds: { scale: scalar(scale), divisor: scalar(divisor) } };
    return divisor === 1
      ? { temperature: 1, feeds: {} }
      : { temperature: "divisor", feeds: { divisor: scalar(divisor) } };
  };
  const zeros = (type: "float32" | "int32" | "uint32", shape: readonly number[]) => {
    const arrays = { float32: Float32Array, int32: Int32Array, uint32: Uint32Array };
    return tensor(type, new arrays[type](sizeOf(shape)), shape);
  };

  function assertUsable(): void {
    if (isDisposed) throw new Error("the sampler is disposed");
  }

  function assertTensor(value: T, argument: string): void {
    if (!(value instanceof ort.Tensor)) {
      throw new TypeError(`${argument} must be an ort.Tensor, got ${describe(value)}`);
    }
    if (value.type !== "float32") {
      throw new TypeError(`${argument} must be of type float32, got ${value.type}`);
    }
  }

  /** How noise is made, and its values where that is here. Asked at each call: the engine is loaded when it is first needed. */
  async function noiseSource(): Promise<Source> {
    if (typeof chosen === "function")
      return { source: "input", valuesOf: (call) => chosen(call.shape, call) };
    const engine = chosen === undefined ? await loadEngine() : undefined;
    if (engine !== undefined) return { source: "input", valuesOf: engine.gumbel };
    return { source: chosen ?? plain, valuesOf: noiseOfCall };
  }

  /** What the graph of a call with noise is fed beside the logits, and how it is exported. */
  async function noiseOf(noise: ResolvedNoise): Promise<{
    id: string;
    feeds: Record<string, T>;
    options: ResolvedExportNoise;
  }> {
    const { precision, shape, key, offset, rowStride, columns } = noise;
    const { source, valuesOf } = await noiseSource();
    if (source === "input") {
      const values = tensor("float32", valuesOf(noise), shape);
      return { id: "", feeds: { noise: values }, options: resolveExportNoise({ noise: source, integers }) };
    }
    if (source === "bits") {
      const bits = bitsOf(noise);
      const type = bits instanceof BigInt64Array ? "int64" : "uint32";
      return {
        id: `${precision}`,
        feeds: { bits: tensor(type, bits, shape) },
        options: resolveExportNoise({ noise: source, precision, integers }),
      };
    }
    const sharding = offset !== 0 || (rowStride !== columns && sizeOf(shape) !== columns);
    const words = { key: tensor("uint32", Uint32Array.from(key), [2]) };
    const place = sharding ? { offset: int64([offset]), row_stride: int64([rowStride]) } : {};
    return {
      id: `${precision} ${sharding}`,
      feeds: { ...words, ...place },
      options: resolveExportNoise({ noise: source, precision, integers, sharding }),
    };
  }

  async function validated(logits: T, call: ResolvedLogits): Promise<void> {
    if (call.validate) assertNoDegenerateRow((await logits.getData()) as Float32Array, call.rows);
  }

  /** Runs a graph whose axis is counted from the end, so that one session serves logits of every rank. */
  async function onLogits(
    operation: string,
    logits: T,
    call: ResolvedLogits,
    make: (axis: number) => Uint8Array,
    feeds: Readonly<Record<string, T>>,
  ): Promise<Readonly<Record<string, T>>> {
    const axis = call.axis - logits.dims.length;
    const onDevice = logits.location === "gpu-buffer";
    return cache.run(`${operation} ${axis}`, () => make(axis), { logits, ...feeds }, onDevice);
  }

  const sampleShapeOf = (call: { outputShape: readonly number[] }, logits: T, dropped = 0) => {
    const count = call.outputShape.length - logits.dims.length + dropped;
    const sampleShape = count === 0 ? ([] as const) : ("input" as const);
    const shape = call.outputShape.slice(0, count);
    return {
      id: count === 0 ? "one" : "many",
      sampleShape,
      feeds: count === 0 ? {} : { sample_shape: int64(shape, [count]) },
    };
  };

  /** The parts of a soft graph that the options of a call decide, and what it is fed for them. */
  async function softOf(call: ResolvedSoftmax & { noise?: ResolvedNoise }, logits: T): Promise<Soft<T>> {
    const noise = call.noise === undefined ? undefined : await noiseOf(call.noise);
    const samples = sampleShapeOf(call, logits);
    const { temperature, feeds } = temperatureOf(call.temperature);
    return {
      id: `${noise?.id} ${samples.id} ${temperature}`,
      feeds: { ...noise?.feeds, ...samples.feeds, ...feeds },
      graph: {
        temperature,
        sampleShape: samples.sampleShape,
        opset: 18,
        kernels: kernelsFor(integers),
        ...(noise === undefined ? {} : { noise: noise.options }),
      },
    };
  }

  async function forward(logits: T, call: ResolvedSoftmax & { noise?: ResolvedNoise }): Promise<T> {
    const { hard } = call;
    await validated(logits, call);
    if (sizeOf(call.outputShape) === 0) return zeros("float32", call.outputShape);
    // A hard sample has no temperature.
    const { id, feeds, graph } = await softOf(hard ? { ...call, temperature: 1 } : call, logits);
    const make = (axis: number) => softModel({ ...graph, axis, hard });
    return (await onLogits(`soft ${hard} ${id}`, logits, call, make, feeds)).y;
  }

  async function backward(
    logits: T,
    cotangent: T,
    call: ResolvedSoftmax & { noise?: ResolvedNoise },
  ): Promise<T> {
    await validated(logits, call);
    if (sizeOf(call.outputShape) === 0) return zeros("float32", logits.dims);
    const { id, feeds, graph } = await softOf(call, logits);
    const make = (axis: number) => softGradientModel({ ...graph, axis });
    return (await onLogits(`gradient ${id}`, logits, call, make, { ...feeds, cotangent })).gradient;
  }

  return {
    backend: `onnxruntime-${providers.join("-") || "default"}`,
    capabilities: ALL_CAPABILITIES,
    async bits(shape, options) {
      assertUsable();
      const noise = resolveNoise(shape, options);
      if (sizeOf(shape) === 0) return zeros("uint32", shape);
      if (chosen !== "threefry") return tensor("uint32", wordsOf(noise), shape);
      const { id, feeds, options: how } = await noiseOf(noise);
      const given = { shape: int64(shape, [shape.length]), ...feeds };
      return (await cache.run(`bits ${id}`, () => exportBits(how), given, false)).words;
    },
    async gumbel(shape, options) {
      assertUsable();
      const noise = resolveNoise(shape, options);
      if (sizeOf(shape) === 0) return zeros("float32", shape);
      const { source, valuesOf } = await noiseSource();
      if (source === "input") return tensor("float32", valuesOf(noise), shape);
      const { id, feeds, options: how } = await noiseOf(noise);
      const given = { shape: int64(shape, [shape.length]), ...feeds };
      return (await cache.run(`gumbel ${id}`, () => exportGumbel(how), given, false)).noise;
    },
    async gumbelSoftmax(logits, options) {
      assertUsable();
      assertTensor(logits, "logits");
      return forward(logits, resolveGumbelSoftmax(logits.dims, options));
    },
    async gumbelSoftmaxVjp(logits, cotangent, options) {
      assertUsable();
      assertTensor(logits, "logits");
      assertTensor(cotangent, "cotangent");
      return backward(logits, cotangent, resolveGumbelSoftmaxVjp(logits.dims, cotangent.dims, options));
    },
    async softmax(logits, options) {
      assertUsable();
      assertTensor(logits, "logits");
      return forward(logits, resolveSoftmax(logits.dims, options));
    },
    async softmaxVjp(logits, cotangent, options) {
      assertUsable();
      assertTensor(logits, "logits");
      assertTensor(cotangent, "cotangent");
      return backward(logits, cotangent, resolveSoftmaxVjp(logits.dims, cotangent.dims, options));
    },
    async categorical(logits, options) {
      assertUsable();
      assertTensor(logits, "logits");
      const call = resolveCategorical(logits.dims, options);
      await validated(logits, call);
      if (sizeOf(call.outputShape) === 0) return zeros("int32", call.outputShape);
      const noise = await noiseOf(call.noise);
      const samples = sampleShapeOf(call, logits, 1);
      const make = (axis: number) =>
        exportCategorical({
          ...noise.options,
          axis,
          sampleShape: samples.sampleShape,
          indexType: "int32",
        });
      const feeds = { ...noise.feeds, ...samples.feeds };
      return (await onLogits(`categorical ${noise.id} ${samples.id}`, logits, call, make, feeds)).indices;
    },
    async topK(logits, k, options) {
      assertUsable();
      assertTensor(logits, "logits");
      const call = resolveTopK(logits.dims, k, options);
      await validated(logits, call);
      if (sizeOf(call.outputShape) === 0) {
        return { values: zeros("float32", call.outputShape), indices: zeros("int32", call.outputShape) };
      }
      const noise = await noiseOf(call.noise);
      const make = (axis: number) => exportTopK({ ...noise.options, axis, indexType: "int32" });
      const feeds = { ...noise.feeds, k: int64([call.k], [1]) };
      const { values, indices } = await onLogits(`topK ${noise.id}`, logits, call, make, feeds);
      return { values, indices };
    },
    dispose() {
      if (!isDisposed) cache.release();
      isDisposed = true;
    },
  };
}

/** Where noise is made, and what makes its values where that is `"input"`. */
interface Source {
  readonly source: NoiseSource;
  valuesOf(noise: ResolvedNoise): Float32Array;
}

/** How a call's temperature comes into its graph. */
interface CallTemperature<T> {
  readonly temperature: GraphTemperature;
  readonly feeds: Readonly<Record<string, T>>;
}

/** What the options of a call decide of a soft graph. */
interface Soft<T> {
  /** Tells graphs apart. */
  readonly id: string;
  readonly feeds: Readonly<Record<string, T>>;
  readonly graph: Omit<SoftGraph, "axis">;
}
