// What the rewrites of single operators share: their type, and attributes.
import { create } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from "onnx-buf";
import { rawDataOf } from "../graph/element-type.ts";
import type { ValueTypes } from "./value-types.ts";

/** Thrown inside a rewrite: why a node cannot be raised. */
export class Obstacle extends Error {}

/** A graph under conversion. */
export interface Conversion {
  readonly opset: number;
  readonly graph: GraphProto;
  /** Types of its values as they were before the conversion. */
  readonly types: ValueTypes;
  /** Whether a node or an output of the model reads a value. */
  isRead(name: string): boolean;
  unique(name: string): string;
}

/** Gives the nodes that replace a node, or the node itself where it stays. */
export type Rewrite = (node: NodeProto, conversion: Conversion) => NodeProto[];

/** Removes an attribute, and returns it. */
export function takeAttribute(node: NodeProto, name: string): AttributeProto | undefined {
  const found = node.attribute.find((attribute) => attribute.name === name);
  node.attribute = node.attribute.filter((attribute) => attribute !== found);
  return found;
}

/** The value of an attribute as an initializer of the graph: floats as float32, integers as int64. */
export function initializerOf(
  attribute: AttributeProto,
  node: NodeProto,
  { graph, unique }: Conversion,
): string {
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

/** The text of a string attribute. */
export function textOf({ s }: AttributeProto): string {
  return new TextDecoder().decode(s);
}
