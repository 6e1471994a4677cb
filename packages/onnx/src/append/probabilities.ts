// Tells probabilities from logits: a value is traced back through nodes that keep values to the node that made it.
import type { NodeProto } from "onnx-buf";
import { isOwn, type Producers, words } from "./model-values.ts";

/** Operators whose result holds values of their first input: moved, cut out, rounded, or interpolated between. */
const VALUE_KEEPING = words(
  "Cast CastLike Identity Reshape Flatten Squeeze Unsqueeze Transpose Clip Dropout Slice Split Gather GatherElements GatherND Expand Tile Pad " +
    "Resize Upsample DepthToSpace SpaceToDepth QuantizeLinear DequantizeLinear",
);

/** Operators whose result holds values, or means, of all of their inputs; of Where, of those after the condition. */
const VALUE_MIXING = words("Concat Max Min Mean Where");

/** Operators that make probabilities of logits. */
const PROBABILITIES = words("Softmax Sigmoid Hardmax");

/** Those of ONNX Runtime's own, whose first input is not all of the logits. */
const PROBABILITIES_OF_RUNTIME = words("BiasSoftmax QLinearSoftmax QLinearSigmoid");

/** What made probabilities. */
export interface ProbabilitiesMaker {
  readonly node: NodeProto;
  /** What it is in words, such as `Softmax`. */
  readonly what: string;
  /** Name of the logits; undefined where they are no value of the model, or not those of one distribution. */
  readonly logits: string | undefined;
  /** Whether categories exclude each other, so that a sample is one of them. */
  readonly isExclusive: boolean;
}

/** How deep mixtures of mixtures are looked into. */
const DEPTH = 16;

/**
 * What makes a value probabilities: a Softmax, Sigmoid or Hardmax, also one written out, or the Exp of a LogSoftmax, through nodes
 * that keep values. undefined where there is nothing of the kind.
 */
export function probabilitiesMaker(
  producers: Producers,
  name: string,
  depth = 0,
): ProbabilitiesMaker | undefined {
  const node = keptFrom(producers, name);
  if (node === undefined || depth > DEPTH) return undefined;
  if (isOwn(node, VALUE_MIXING)) return makerOfAll(producers, node, depth);
  const [input] = node.input;
  if (isOwn(node, PROBABILITIES)) {
    return { node, what: node.opType, logits: input || undefined, isExclusive: node.opType !== "Sigmoid" };
  }
  if (node.domain === "com.microsoft" && PROBABILITIES_OF_RUNTIME.has(node.opType)) {
    return { node, what: node.opType, logits: undefined, isExclusive: node.opType !== "QLinearSigmoid" };
  }
  if (isOwn(node, words("Exp"))) {
    const before = keptFrom(producers, input);
    if (before === undefined || !isOwn(before, words("LogSoftmax"))) return undefined;
    const logits = before.input[0] || undefined;
    return { node: before, what: "LogSoftmax and its Exp", logits, isExclusive: true };
  }
  return writtenOut(producers, node);
}

/** Probabilities of which every input is some, but for constants: an ensemble's mean, a masked or a floored softmax. */
function makerOfAll(producers: Producers, node: NodeProto, depth: number): ProbabilitiesMaker | undefined {
  const inputs = isOwn(node, words("Where")) ? node.input.slice(1) : node.input;
  const made = inputs.filter((input) => {
    const producer = producers.get(input);
    return producer !== undefined && !isOwn(producer, words("Constant ConstantOfShape"));
  });
  const makers: ProbabilitiesMaker[] = [];
  for (const input of made) {
    const maker = probabilitiesMaker(producers, input, depth + 1);
    if (maker === undefined) return undefined;
    makers.push(maker);
  }
  const [first] = makers;
  return first === undefined || makers.length === 1 ? first : { ...first, logits: undefined };
}

/** `Exp(x)/ReduceSum(Exp(x))`, and `1/(1 + Exp(−x))`. */
function writtenOut(producers: Producers, node: NodeProto): ProbabilitiesMaker | undefined {
  const [isDiv, isReciprocal] = [isOwn(node, words("Div")), isOwn(node, words("Reciprocal"))];
  if (!isDiv && !isReciprocal) return undefined;
  const find = (name: string | undefined, opType: string) => {
    const found = keptFrom(producers, name);
    return found !== undefined && isOwn(found, words(opType)) ? found : undefined;
  };
  const denominator = node.input[isDiv ? 1 : 0];
  const exp = isDiv ? find(node.input[0], "Exp") : undefined;
  const sum = find(denominator, "ReduceSum");
  if (exp !== undefined && sum !== undefined && find(sum.input[0], "Exp") === exp) {
    return { node: exp, what: "softmax of Exp and Div", logits: exp.input[0], isExclusive: true };
  }
  const isSigmoid = find(denominator, "Add")?.input.some(
    (input) => find(find(input, "Exp")?.input[0], "Neg") !== undefined,
  );
  if (isSigmoid !== true) return undefined;
  return { node, what: "sigmoid of Exp and Neg", logits: undefined, isExclusive: false };
}

/** The first node before a value that does more than keep values. */
export function keptFrom(producers: Producers, name: string | undefined): NodeProto | undefined {
  const passed = new Set<NodeProto>();
  let node = producers.get(name ?? "");
  while (node !== undefined && isOwn(node, VALUE_KEEPING) && !passed.has(node) && node.input.length > 0) {
    passed.add(node);
    node = producers.get(node.input[0]);
  }
  return node;
}
