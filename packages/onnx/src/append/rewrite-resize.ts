// Raises Resize and Upsample.
import { clone, create } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  type GraphProto,
  NodeProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from "onnx-buf";
import { producersIn } from "./model-values.ts";
import { initializerOf, Obstacle, type Rewrite, takeAttribute, textOf } from "./rewrite.ts";

/**
 * Resize of opset 10 and Upsample before it sampled at asymmetric coordinates. ONNX Runtime takes the nearest element below
 * in a dimension that grows, and the one above in one that shrinks.
 */
export const rewriteResize: Rewrite = (node, conversion) => {
  const { opset, graph } = conversion;
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
  raised.input = [raised.input[0] ?? "", "", scales];
  const mode = node.attribute.find(({ name }) => name === "mode");
  const isNearest = mode === undefined || textOf(mode) === "nearest";
  const values = isUpsample || !isNearest ? [] : constantOf(graph, scales);
  if (values === undefined) throw new Obstacle("its scales are not constant");
  const shrinks = values.some((scale) => scale < 1);
  if (shrinks && values.some((scale) => scale > 1)) throw new Obstacle("it grows and shrinks");
  for (const [name, value] of [
    ["coordinate_transformation_mode", "asymmetric"],
    ["nearest_mode", shrinks ? "ceil" : "floor"],
  ]) {
    raised.attribute.push(
      create(AttributeProtoSchema, { name, type: 3, s: new TextEncoder().encode(value) }),
    );
  }
  return [raised];
};

/** Values of a float32 constant, where the graph holds them. */
function constantOf(graph: GraphProto, name: string): readonly number[] | undefined {
  const constant = producersIn(graph)
    .get(name)
    ?.attribute.find((attribute) => attribute.name === "value")?.t;
  const tensor = graph.initializer.find((initializer) => initializer.name === name) ?? constant;
  const isInput = graph.input.some((input) => input.name === name);
  if (tensor === undefined || isInput || tensor.dataType !== TensorProto_DataType.FLOAT) return undefined;
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) return undefined;
  if (tensor.floatData.length > 0) return tensor.floatData;
  const { buffer, byteOffset, byteLength } = tensor.rawData;
  const view = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: Math.floor(byteLength / 4) }, (_, i) => view.getFloat32(4 * i, true));
}
