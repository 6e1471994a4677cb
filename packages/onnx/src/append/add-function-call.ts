// An appended sampler as one node: a call of a function that the model then holds.
import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type FunctionProto,
  FunctionProtoSchema,
  type ModelProto,
  NodeProtoSchema,
  type TensorProto,
} from "onnx-buf";
import { createGraphBuilder, type GraphBuilder } from "../graph/graph-builder.ts";
import { PRODUCER } from "../version.ts";
import type { Logits } from "./logits-in.ts";
import { operatorsIn } from "./model-values.ts";
import type { ResolvedAppend } from "./options.ts";
import { sample } from "./sample.ts";

/** Domain of the functions. */
const DOMAIN = "gumbel";

/** Name of the function's first input. */
const LOGITS = "logits";

/**
 * Makes a function of the sampler, and adds a node that calls it.
 *
 * @param model what the node is added to: it may have functions of these names already
 * @param opset version of ONNX's own operators
 */
export function addFunctionCall(
  builder: GraphBuilder,
  model: Pick<ModelProto, "graph" | "functions">,
  opset: bigint,
  options: ResolvedAppend,
  logits: Logits,
): FunctionProto {
  // A function sees nothing around it, so that its names are its own.
  const body = createGraphBuilder({ taken: [LOGITS] });
  sample(body, { ...options, logits: LOGITS }, logits);
  const taken = operatorsIn(model, DOMAIN);
  let name = "Categorical";
  for (let i = 2; taken.has(name); i++) name = `Categorical_${i}`;
  builder.call({ domain: DOMAIN, name, body }, [options.logits]);
  return create(FunctionProtoSchema, {
    domain: DOMAIN,
    name,
    docString: `Categorical samples of logits, by ${PRODUCER.name} ${PRODUCER.version}: argmax(logits/temperature + Gumbel noise).`,
    opsetImport: [{ domain: "", version: opset }],
    input: [LOGITS, ...body.inputs.map((input) => input.name)],
    output: body.outputs.map((output) => output.name),
    node: [...body.initializers.map(constantNode), ...body.nodes],
  });
}

/** A constant as a node: functions have no initializers. */
function constantNode(t: TensorProto) {
  const { TENSOR } = AttributeProto_AttributeType;
  const value = create(AttributeProtoSchema, { name: "value", type: TENSOR, t });
  return create(NodeProtoSchema, { opType: "Constant", name: t.name, output: [t.name], attribute: [value] });
}
