// Raises a graph's operators to opset 18, which the sampler's nodes need: those whose form changed are rewritten where the
// meaning stays exactly the same, and others are refused by name. Source: ONNX's Operators changelog.
import { clone, create } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
} from "onnx-buf";
import { ModelError } from "../graph/model-error.ts";
import { namesReadIn } from "./model-values.ts";
import { LAST_CHANGE } from "./operator-versions.ts";
import { type Conversion, initializerOf, Obstacle, type Rewrite, takeAttribute } from "./rewrite.ts";
import { rewriteResize } from "./rewrite-resize.ts";
import { UNCHANGED_OPERATORS } from "./unchanged-operators.ts";
import { valueTypesOf } from "./value-types.ts";

/** The first opset with bitwise operators. */
export const LOWEST_OPSET = 18;

/** Oldest opset that ONNX Runtime runs. */
const OLDEST_OPSET = 7;

/**
 * Rewrites the nodes of a graph and its subgraphs, in place, from an opset below 18.
 *
 * @param taken names in use, to which new ones are added
 * @returns how many nodes changed their form
 * @throws ModelError naming the node that cannot be raised
 */
export function raiseOpset(graph: GraphProto, opset: number, taken: Set<string>): number {
  const read = namesReadIn(graph);
  return raiseGraph(graph, opset, taken, (name) => read.has(name));
}

function raiseGraph(
  graph: GraphProto,
  opset: number,
  taken: Set<string>,
  isRead: Conversion["isRead"],
): number {
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
  const conversion = { opset, graph, types: valueTypesOf(graph), isRead, unique };
  for (const node of graph.node) {
    for (const { g, graphs } of node.attribute) {
      for (const subgraph of g === undefined ? graphs : [g])
        changed += raiseGraph(subgraph, opset, taken, isRead);
    }
    const raised = raiseNode(node, conversion);
    if (raised.length !== 1 || raised[0] !== node) changed++;
    nodes.push(...raised);
  }
  graph.node = nodes;
  return changed;
}

/** Whether a node means the same in opset 18: where it never changed, or changed for other nodes only. */
function isUnchanged(opType: string, opset: number): boolean {
  return (LAST_CHANGE.get(opType) ?? Number.POSITIVE_INFINITY) <= opset || UNCHANGED_OPERATORS.has(opType);
}

function raiseNode(node: NodeProto, conversion: Conversion): NodeProto[] {
  if (node.domain !== "" && node.domain !== "ai.onnx") return [node];
  const rewrite = REWRITES.get(node.opType);
  if (rewrite === undefined && isUnchanged(node.opType, conversion.opset)) return [node];
  const name = `${node.opType} ${JSON.stringify(node.name || (node.output.find(Boolean) ?? ""))}`;
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
    const casts: NodeProto[] = [];
    for (const [i, name] of names.entries()) {
      const attribute = takeAttribute(raised, name);
      if (attribute === undefined) continue;
      while (raised.input.length < i + 1) raised.input.push("");
      const value = initializerOf(attribute, node, conversion);
      raised.input[i + 1] = attribute.type === 1 ? castLike(value, node, conversion, casts) : value;
    }
    return [...casts, raised];
  };
}

/** Gives a float constant the type of the data: by a CastLike where the model does not state that this is float32. */
function castLike(
  value: string,
  { input }: NodeProto,
  { types, unique }: Conversion,
  casts: NodeProto[],
): string {
  if (types(input[0]).type === TensorProto_DataType.FLOAT) return value;
  const name = unique(`${value}_of_type`);
  casts.push(create(NodeProtoSchema, { opType: "CastLike", name, input: [value, input[0]], output: [name] }));
  return name;
}

/** Before opset 13 softmax ran over all dimensions from `axis` on as one. */
const flattened: Rewrite = (node, conversion) => {
  if (conversion.opset >= 13) return [node];
  const axis = takeAttribute(clone(NodeProtoSchema, node), "axis")?.i ?? 1n;
  const [x] = node.input;
  const name = (part: string) => conversion.unique(`${node.output[0]}/${part}`);
  const [shape, flat, soft] = ["shape", "flat", "flat_result"].map(name);
  const last = create(AttributeProtoSchema, { name: "axis", type: 2, i: -1n });
  const rank = conversion.types(node.output[0]).dims?.length;
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
      attribute: [create(AttributeProtoSchema, { name: "allowzero", type: 2, i: 1n })],
    }),
  ];
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

const dropout: Rewrite = (node, conversion) => {
  if (conversion.opset >= 12) return [node];
  const raised = withFirstOutput(node, conversion, "it gives its mask");
  takeAttribute(raised, "ratio");
  return [raised];
};

const batchNormalization: Rewrite = (node, conversion) => {
  if (conversion.opset >= 14) return [node];
  const raised = withFirstOutput(node, conversion, "it gives statistics");
  const spatial = takeAttribute(raised, "spatial");
  if (spatial !== undefined && spatial.i !== 1n) throw new Obstacle("spatial is not 1");
  const isSame = spatial === undefined && raised.output.length === node.output.length;
  return [isSame ? node : raised];
};

/** A copy of a node without the outputs after the first, which must not be read. */
function withFirstOutput(node: NodeProto, { isRead }: Conversion, obstacle: string): NodeProto {
  const raised = clone(NodeProtoSchema, node);
  const [first, ...rest] = raised.output;
  if (rest.some((name) => name !== "" && isRead(name))) throw new Obstacle(obstacle);
  raised.output = first === undefined ? [] : [first];
  return raised;
}

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

const reduce = attributesToInputs(18, ["axes"]);

// A map: an operator may be called constructor.
const REWRITES: ReadonlyMap<string, Rewrite> = new Map(
  Object.entries({
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
    Resize: rewriteResize,
    RoiAlign: roiAlign,
    Scan: scan,
    Scatter: scatter,
    Slice: attributesToInputs(10, ["starts", "ends", "axes"]),
    Softmax: flattened,
    Split: split,
    Squeeze: attributesToInputs(13, ["axes"]),
    TopK: attributesToInputs(10, ["k"]),
    Unsqueeze: attributesToInputs(13, ["axes"]),
    Upsample: rewriteResize,
  }),
);
