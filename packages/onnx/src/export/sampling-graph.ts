// What the exported graphs have in common: inputs, noise of a shape, perturbed logits, and the model around a graph.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { createGraphBuilder } from "../graph/graph-builder.ts";
import { writeModel } from "../graph/model-bytes.ts";
import { cast } from "../nodes/cast.ts";
import { counters, countersOf } from "../nodes/counters.ts";
import {
  inWholePackets,
  logExponentialOfBits,
  logExponentialOfNative,
  logExponentialOfWord,
  signedBits,
} from "../nodes/noise.ts";
import { constantTemperature, inputTemperature, type Temperature } from "../nodes/temperature.ts";
import { type Blocks, threefry2x32 } from "../nodes/threefry-2x32.ts";
import { PRODUCER } from "../version.ts";
import type { IndexType, ResolvedExportNoise } from "./options.ts";

/** Last IR version that every ONNX Runtime from 1.14 on reads. */
const IR_VERSION = 8n;

/** Says of a graph what its metadata and its doc string tell. */
export interface GraphFacts {
  readonly operation: string;
  readonly doc: string;
  readonly opset: number;
  readonly details: object;
}

/** Builds a graph and writes it as a model. */
export function exportModel(
  facts: GraphFacts,
  build: (builder: GraphBuilder) => void,
): Uint8Array<ArrayBuffer> {
  const builder = createGraphBuilder();
  build(builder);
  const entries = { operation: facts.operation, ...facts.details };
  return writeModel({
    irVersion: IR_VERSION,
    producerName: PRODUCER.name,
    producerVersion: PRODUCER.version,
    docString: facts.doc,
    opsetImport: [{ domain: "", version: BigInt(facts.opset) }],
    metadataProps: Object.entries(entries)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ({ key: `gumbel.${key}`, value: String(value) })),
    graph: {
      name: facts.operation,
      docString: facts.doc,
      node: [...builder.nodes],
      initializer: [...builder.initializers],
      input: [...builder.inputs],
      output: [...builder.outputs],
    },
  });
}

/**
 * A temperature of a graph. For sessions there are `"divisor"`, an input that float32 holds, and `"scaled"`, the inputs
 * `scale` and `divisor`, whose quotient may be any double.
 */
export type GraphTemperature = number | "input" | "divisor" | "scaled";

/** Declares the inputs that a temperature needs. */
export function temperatureOf(builder: GraphBuilder, temperature: GraphTemperature): Temperature {
  const scalar = (name: string) => builder.input(name, { type: "float32", dims: [] });
  if (temperature === "divisor") return { divisor: scalar("divisor") };
  if (temperature === "scaled") return { scale: scalar("scale"), divisor: scalar("divisor") };
  return temperature === "input"
    ? inputTemperature(builder, scalar("temperature"))
    : constantTemperature(builder, temperature);
}

/** Shape of the samples: the sample dimensions, declared as an input where they are one, and those of the logits. */
export function samplesOf(
  builder: GraphBuilder,
  sampleShape: readonly number[] | "input",
  logits: Value,
): { samples: Value | undefined; shape: Value } {
  const own = builder.node("Shape", [logits], "logits_shape");
  if (sampleShape !== "input" && sampleShape.length === 0) return { samples: undefined, shape: own };
  const samples =
    sampleShape === "input"
      ? builder.input("sample_shape", { type: "int64", dims: ["sample_rank"] })
      : builder.constant("int64", sampleShape);
  return { samples, shape: builder.node("Concat", [samples, own], "noise_shape", { axis: 0 }) };
}

/** Elements of a noise shape whose noise alone is made. */
export interface Survivors {
  /** Their places along the last dimension, int64, of the shape of the noise but for that dimension. */
  readonly indices: Value;
  /** Shape of the noise that they are a part of. */
  readonly wholeShape: Value;
}

/**
 * Declares the inputs that the noise needs, and gives `logits + g`, float32, of the given shape; with `survivors`, which
 * have that shape, by their part of the noise of a larger one.
 */
export function perturbed(
  builder: GraphBuilder,
  logits: Value,
  options: ResolvedExportNoise,
  shape: Value,
  survivors?: Survivors,
): Value {
  if (options.noise === "input") {
    const noise = partOf(builder, builder.input("noise", { type: "float32" }), survivors);
    return builder.node("Add", [logits, noise], "perturbed_logits");
  }
  const log = logExponential(builder, options, shape, survivors);
  return builder.node("Sub", [logits, log], "perturbed_logits");
}

/** Of the values of a whole shape, those of the survivors. */
function partOf(builder: GraphBuilder, whole: Value, survivors: Survivors | undefined): Value {
  if (survivors === undefined) return whole;
  return builder.node("GatherElements", [whole, survivors.indices], "of_survivors", { axis: -1 });
}

/** `log E = −g` of noise that is made in the graph, in the ways of {@link perturbed}. */
export function logExponential(
  builder: GraphBuilder,
  options: ResolvedExportNoise,
  shape: Value,
  survivors?: Survivors,
): Value {
  const { node, constant } = builder;
  const { noise, precision, integers } = options;
  if (noise === "native") return logExponentialOfNative(builder, shape, options.seed);
  const logarithm = integers === "uint64" ? "own" : "provider";
  const isWide = noise === "threefry" && integers === "uint64";
  const type = precision === "full" ? "int64" : isWide ? "uint64" : "uint32";
  let bits: Value;
  if (noise === "bits") {
    const given = partOf(builder, builder.input("bits", { type }), survivors);
    bits = node("Reshape", [given, constant("int64", [-1])], "bits_flat", { allowzero: 1 });
  } else {
    const blocks = blocksOfKey(builder, options, shape, survivors);
    bits = precision === "full" ? signedBits(builder, integers, blocks) : blocks.word;
  }
  return builder.scope("gumbel", () => {
    const size = node("ReduceProd", [shape], "size", { keepdims: 1 });
    const flat = inWholePackets(builder, bits, type, size, (padded) =>
      type === "int64"
        ? logExponentialOfBits(builder, padded, logarithm)
        : logExponentialOfWord(builder, padded, type, logarithm),
    );
    return node("Reshape", [flat, shape], "log_exponential_shaped", { allowzero: 1 });
  });
}

/** Uint32 words of the given shape, from the key. */
export function wordsOfKey(builder: GraphBuilder, options: ResolvedExportNoise, shape: Value): Value {
  const { word } = blocksOfKey(builder, options, shape);
  const words = options.integers === "uint64" ? cast(builder, word, "uint32", "words_uint32") : word;
  return builder.node("Reshape", [words, shape], "words_shaped", { allowzero: 1 });
}

/** int32 indices in the type that was asked for. */
export function indicesAs(builder: GraphBuilder, indices: Value, type: IndexType): Value {
  return type === "int32" ? indices : cast(builder, indices, type, "indices_int64");
}

function blocksOfKey(
  builder: GraphBuilder,
  { integers, sharding }: ResolvedExportNoise,
  shape: Value,
  survivors?: Survivors,
): Blocks {
  const key = builder.input("key", { type: "uint32", dims: [2] });
  if (survivors !== undefined) {
    return threefry2x32(builder, integers, key, countersOf(builder, integers, survivors));
  }
  const shard = sharding
    ? {
        offset: builder.input("offset", { type: "int64", dims: [] }),
        rowStride: builder.input("row_stride", { type: "int64", dims: [] }),
      }
    : undefined;
  return threefry2x32(builder, integers, key, counters(builder, integers, shape, shard));
}
