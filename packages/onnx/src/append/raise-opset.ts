// Raises a graph's operators to opset 18, which the sampler's nodes need: those whose form changed are rewritten where the
// meaning stays exactly the same, and what is not known to stay so is refused by name. Source: ONNX's Operators changelog.
import { clone, create } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
} from "onnx-buf";
import { rawDataOf } from "../graph/element-type.ts";
import { ModelError } from "../graph/model-error.ts";
import { typeOfValue } from "./model-values.ts";
import { UNCHANGED_OPERATORS } from "./unchanged-operators.ts";

/** The first opset with bitwise operators. */
export const LOWEST_OPSET = 18;

/** Oldest opset that ONNX Runtime runs. */
const OLDEST_OPSET = 7;

/** Thrown inside a rewrite: why a node cannot be raised. */
class Obstacle extends Error {}

/** A graph under conversion. */
interface Conversion {
  readonly opset: number;
  readonly graph: GraphProto;
  unique(name: string): string;
}

type Rewrite = (node: NodeProto, conversion: Conversion) => NodeProto[];

/**
 * Rewrites the nodes of a graph and its subgraphs, in place, from an opset below 18.
 *
 * @param taken names in use, to which new ones are added
 * @returns how many nodes changed their form
 * @throws ModelError naming the node that stands in the way
 */
export function raiseOpset(graph: GraphProto, opset: number, taken: Set<string>): number {
  if (opset < OLDEST_OPSET) {
    throw new ModelError(
      `the model is of opset ${opset}: a sampler needs 18, and only models from ${OLDEST_OPSET} on are raised to it`,
    );
  }
  let changed = 0;
  const unique = (name: string) => {
    let candidate = name;
    for (let i = 2; taken.has(candidate); i++) candidate = `${name}_${i}`;
    taken.add(candidate);
    return candidate;
  };
  const nodes: NodeProto[] = [];
  const conversion = { opset, graph, unique };
  for (const node of graph.node) {
    for (const { g, graphs } of node.attribute) {
      for (const subgraph of g === undefined ? graphs : [g]) changed += raiseOpset(subgraph, opset, taken);
    }
    const raised = raiseNode(node, conversion);
    if (raised.length !== 1 || raised[0] !== node) changed++;
    nodes.push(...raised);
  }
  graph.node = nodes;
  return changed;
}

function raiseNode(node: NodeProto, conversion: Conversion): NodeProto[] {
  if (node.domain !== "" && node.domain !== "ai.onnx") return [node];
  const rewrite = REWRITES[node.opType];
  if (rewrite === undefined && UNCHANGED_OPERATORS.has(node.opType)) return [node];
  const name = `${node.opType} ${JSON.stringify(node.name || node.output[0])}`;
  const doubt = "is not known to mean the same in opset 18";
  if (rewrite === undefined) {
    throw new ModelError(`the model is of opset ${conversion.opset}, and its node ${name} ${doubt}`);
  }
  try {
    return rewrite(node, conversion);
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error;
    throw new ModelError(
      `the model is of opset ${conversion.opset}, and its node ${name} ${doubt}: ${error.message}`,
    );
  }
}

/** Where attributes became inputs: their names, in the inputs' order from the second on, and the opset that changed. */
function attributesToInputs(since: number, names: readonly string[]): Rewrite {
  return (node, conversion) => {
    if (conversion.opset >= since) return [node];
    const raised = clone(NodeProtoSchema, node);
    for (const [i, name] of names.entries()) {
      const attribute = takeAttribute(raised, name);
      if (attribute === undefined) continue;
      while (raised.input.length < i + 1) raised.input.push("");
      raised.input[i + 1] = initializerOf(attribute, node, conversion);
    }
    return [raised];
  };
}

/** Before opset 13 softmax ran over all dimensions from `axis` on as one. */
const flattened: Rewrite = (node, conversion) => {
  if (conversion.opset >= 13) return [node];
  const axis = takeAttribute(clone(NodeProtoSchema, node), "axis")?.i ?? 1n;
  const [x] = node.input;
  const name = (part: string) => conversion.unique(`${node.output[0]}/${part}`);
  const [shape, flat, soft] = ["shape", "flat", "flat_result"].map(name);
  const last = create(AttributeProtoSchema, { name: "axis", type: 2, i: -1n });
  const rank = typeOfValue(conversion.graph, node.output[0])?.dims?.length;
  // Over the last dimension alone it is what it was.
  if (axis === -1n || Number(axis) + 1 === rank) {
    const raised = clone(NodeProtoSchema, node);
    takeAttribute(raised, "axis");
    raised.attribute.push(last);
    return [raised];
  }
  const flatten = create(AttributeProtoSchema, { name: "axis", type: 2, i: axis });
  return [
    create(NodeProtoSchema, { opType: "Shape", name: shape, input: [x], output: [shape] }),
    create(NodeProtoSchema, {
      opType: "Flatten",
      name: flat,
      input: [x],
      output: [flat],
      attribute: [flatten],
    }),
    create(NodeProtoSchema, {
      opType: node.opType,
      name: soft,
      input: [flat],
      output: [soft],
      attribute: [last],
    }),
    create(NodeProtoSchema, {
      opType: "Reshape",
      name: node.name || name("reshape"),
      input: [soft, shape],
      output: [...node.output],
    }),
  ];
};

/** Resize of opset 10 and Upsample before it sampled at asymmetric coordinates, rounded down. */
const asymmetric: Rewrite = (node, conversion) => {
  const { opset } = conversion;
  const isUpsample = node.opType === "Upsample";
  if (!isUpsample && opset >= 11) {
    const mode = node.attribute.find(({ name }) => name === "coordinate_transformation_mode");
    if (opset < 13 && mode !== undefined && textOf(mode) === "tf_half_pixel_for_nn") {
      throw new Obstacle("tf_half_pixel_for_nn is gone");
    }
    return [node];
  }
  const raised = clone(NodeProtoSchema, node);
  raised.opType = "Resize";
  const attribute = takeAttribute(raised, "scales");
  const scales = attribute === undefined ? raised.input[1] : initializerOf(attribute, node, conversion);
  if (scales === undefined) throw new Obstacle("it has no scales");
  raised.input = [raised.input[0], "", scales];
  for (const [name, value] of [
    ["coordinate_transformation_mode", "asymmetric"],
    ["nearest_mode", "floor"],
  ]) {
    raised.attribute.push(
      create(AttributeProtoSchema, { name, type: 3, s: new TextEncoder().encode(value) }),
    );
  }
  return [raised];
};

const split: Rewrite = (node, conversion) => {
  const [raised] = attributesToInputs(13, ["split"])(node, conversion);
  if (raised.input.length > 1 && raised.input[1] !== "") return [raised];
  const copy = clone(NodeProtoSchema, raised);
  copy.attribute.push(
    create(AttributeProtoSchema, { name: "num_outputs", type: 2, i: BigInt(node.output.length) }),
  );
  return [copy];
};

const dropout: Rewrite = (node, { opset }) => {
  if (opset >= 12) return [node];
  if (node.output.length > 1) throw new Obstacle("it gives its mask");
  const raised = clone(NodeProtoSchema, node);
  takeAttribute(raised, "ratio");
  return [raised];
};

const batchNormalization: Rewrite = (node, { opset }) => {
  if (opset >= 14) return [node];
  if (node.output.length > 1) throw new Obstacle("it gives statistics");
  const raised = clone(NodeProtoSchema, node);
  const spatial = takeAttribute(raised, "spatial");
  if (spatial === undefined) return [node];
  if (spatial.i !== 1n) throw new Obstacle("spatial is not 1");
  return [raised];
};

/** Regions of opset 10 had no half-pixel offset. */
const roiAlign: Rewrite = (node, { opset }) => {
  if (opset >= 16) return [node];
  const raised = clone(NodeProtoSchema, node);
  const s = new TextEncoder().encode("output_half_pixel");
  raised.attribute.push(create(AttributeProtoSchema, { name: "coordinate_transformation_mode", type: 3, s }));
  return [raised];
};

const scatter: Rewrite = (node) => {
  const raised = clone(NodeProtoSchema, node);
  raised.opType = "ScatterElements";
  return [raised];
};

/** Since opset 18 its axes are an input, and since then alone its batches may be stacked in either order. */
const scan: Rewrite = (node, { opset }) => {
  if (opset < 9) throw new Obstacle("it has a batch dimension");
  return [node];
};

/** Types that an input made of a float attribute would have to match, where the data is not float32. */
const OTHER_FLOATS: ReadonlySet<number> = new Set([
  TensorProto_DataType.FLOAT16,
  TensorProto_DataType.DOUBLE,
  TensorProto_DataType.BFLOAT16,
]);

const reduce = attributesToInputs(18, ["axes"]);

const REWRITES: Readonly<Record<string, Rewrite>> = {
  BatchNormalization: batchNormalization,
  Clip: attributesToInputs(11, ["min", "max"]),
  Dropout: dropout,
  Hardmax: flattened,
  LogSoftmax: flattened,
  Pad: attributesToInputs(11, ["pads", "value"]),
  ReduceL1: reduce,
  ReduceL2: reduce,
  ReduceLogSum: reduce,
  ReduceLogSumExp: reduce,
  ReduceMax: reduce,
  ReduceMean: reduce,
  ReduceMin: reduce,
  ReduceProd: reduce,
  ReduceSum: attributesToInputs(13, ["axes"]),
  ReduceSumSquare: reduce,
  Resize: asymmetric,
  RoiAlign: roiAlign,
  Scan: scan,
  Scatter: scatter,
  Slice: attributesToInputs(10, ["starts", "ends", "axes"]),
  Softmax: flattened,
  Split: split,
  Squeeze: attributesToInputs(13, ["axes"]),
  TopK: attributesToInputs(10, ["k"]),
  Unsqueeze: attributesToInputs(13, ["axes"]),
  Upsample: asymmetric,
};

function takeAttribute(node: NodeProto, name: string): AttributeProto | undefined {
  const found = node.attribute.find((attribute) => attribute.name === name);
  node.attribute = node.attribute.filter((attribute) => attribute !== found);
  return found;
}

/** The value of an attribute as an initializer of the graph: floats as float32, integers as int64. */
function initializerOf(attribute: AttributeProto, node: NodeProto, { graph, unique }: Conversion): string {
  const isFloat = attribute.type === 1 || attribute.type === 6;
  const other = graph.initializer.find(({ dataType }) => OTHER_FLOATS.has(dataType));
  if (isFloat && other !== undefined) {
    throw new Obstacle(
      `its float ${attribute.name} may not be of its data's type, as ${other.name} is not float32`,
    );
  }
  const name = unique(`${node.output[0]}/${attribute.name}`);
  const { FLOAT, INT64 } = TensorProto_DataType;
  const [dataType, values, dims] =
    attribute.type === 1
      ? [FLOAT, [attribute.f], []]
      : attribute.type === 6
        ? [FLOAT, attribute.floats, [BigInt(attribute.floats.length)]]
        : attribute.type === 2
          ? [INT64, [attribute.i], [1n]]
          : [INT64, attribute.ints, [BigInt(attribute.ints.length)]];
  const rawData = rawDataOf(dataType === FLOAT ? "float32" : "int64", values);
  graph.initializer.push(create(TensorProtoSchema, { name, dataType, dims, rawData }));
  return name;
}

function textOf({ s }: AttributeProto): string {
  return new TextDecoder().decode(s);
}
