// An ONNX model around a sampling graph: metadata, and the branch for tensors without elements.
import {
  type BranchOutput,
  createGraphBuilder,
  type GraphBuilder,
  type Value,
} from "../graph/graph-builder.ts";
import { writeModel } from "../graph/model-bytes.ts";
import { PRODUCER } from "../version.ts";

/** The first IR version that goes with opset 18; later ones are not read by every ONNX Runtime that has it. */
export const IR_VERSION = 8n;

/** Documentation and metadata of a model. */
export interface ModelFacts {
  readonly doc: string;
  readonly opset: number;
  /** The resolved graph, whose fields become metadata. */
  readonly graph: object & { readonly operation: string };
}

/** Builds a graph and writes it as a model. */
export function samplingModel(
  { doc, opset, graph }: ModelFacts,
  build: (builder: GraphBuilder) => void,
): Uint8Array<ArrayBuffer> {
  const builder = createGraphBuilder();
  build(builder);
  return writeModel({
    irVersion: IR_VERSION,
    producerName: PRODUCER.name,
    producerVersion: PRODUCER.version,
    docString: doc,
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    metadataProps: metadataOf(graph),
    graph: {
      name: graph.operation,
      docString: doc,
      node: [...builder.nodes],
      initializer: [...builder.initializers],
      input: [...builder.inputs],
      output: [...builder.outputs],
    },
  });
}

function metadataOf(graph: object): { key: string; value: string }[] {
  return Object.entries(graph).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const isNested = typeof value === "object" && !Array.isArray(value);
    return isNested ? metadataOf(value) : [{ key: `gumbel.${key}`, value: String(value) }];
  });
}

/** An output of a sampling graph: what it is, and what it is filled with where there is nothing to compute. */
export interface SamplingOutput extends BranchOutput {
  readonly empty: number;
  /** Its shape, int64, where there is nothing to compute. */
  shape(): Value;
}

/**
 * Adds what computes the outputs, in a branch that is not taken where a shape has no elements: there ONNX Runtime's TopK
 * ends the process, and its reductions keep the axis as it is.
 *
 * @param shape int64 vector: the shape of the samples
 * @param isGuarded whether the branch is needed; callers that never pass empty tensors spare it
 */
export function whereNotEmpty(
  builder: GraphBuilder,
  shape: Value,
  isGuarded: boolean,
  outputs: readonly SamplingOutput[],
  build: () => readonly Value[],
): readonly Value[] {
  if (!isGuarded) return build();
  const { node, constant } = builder;
  const size = node("ReduceProd", [shape], "element_count", { keepdims: 0 });
  const isEmpty = node("Equal", [size, constant("int64", 0)], "is_empty");
  const fill = () =>
    outputs.map(({ name, type, empty, shape }) =>
      node("Expand", [constant(type, empty), shape()], `empty_${name}`),
    );
  return builder.choose(isEmpty, "sample", outputs, fill, build);
}

/** The shape of a tensor without its axis, int64, as `[before, after]` to concatenate. */
export function shapeAround(builder: GraphBuilder, tensor: Value, axis: number): readonly Value[] {
  const before = builder.node("Shape", [tensor], "before_axis", { start: 0, end: axis });
  return axis === -1
    ? [before]
    : [before, builder.node("Shape", [tensor], "after_axis", { start: axis + 1 })];
}
