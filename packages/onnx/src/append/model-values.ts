// Values of a graph: their names and producers, and what they are probabilities of.
import { type GraphProto, type ModelProto, type NodeProto, TensorProto_DataLocation } from "onnx-buf";

/** A graph and its subgraphs, outermost first. */
function graphsIn(graph: GraphProto): GraphProto[] {
  const found = [graph];
  for (const part of found) {
    for (const { attribute } of part.node) {
      for (const { g, graphs } of attribute) found.push(...(g ? [g] : graphs));
    }
  }
  return found;
}

/** Every name of a value or node in a graph and its subgraphs, which see the names around them. */
export function namesIn(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  for (const part of graphsIn(graph)) {
    for (const { name } of [...part.input, ...part.output, ...part.initializer, ...part.valueInfo]) {
      names.add(name);
    }
    for (const { values } of part.sparseInitializer) if (values !== undefined) names.add(values.name);
    for (const node of part.node) {
      for (const name of [node.name, ...node.input, ...node.output]) names.add(name);
    }
  }
  names.delete("");
  return names;
}

/** Names that a domain's operators have in a model: those of its functions, and those that its nodes call. */
export function operatorsIn(
  { graph, functions }: Pick<ModelProto, "graph" | "functions">,
  domain: string,
): Set<string> {
  const nodes = [...(graph === undefined ? [] : graphsIn(graph)), ...functions].flatMap(({ node }) => node);
  const own = [...functions.map(({ domain, name }) => ({ domain, opType: name })), ...nodes];
  return new Set(own.filter((each) => each.domain === domain).map(({ opType }) => opType));
}

/** Names that a node or an output of the graph or of a subgraph reads. */
export function namesReadIn(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  for (const { node, output } of graphsIn(graph)) {
    for (const { name } of output) names.add(name);
    for (const { input } of node) for (const name of input) names.add(name);
  }
  return names;
}

/** Files that hold external data, relative to the model. */
export function externalFilesOf(graph: GraphProto): string[] {
  const tensors = graphsIn(graph).flatMap(({ initializer, node }) => [
    ...initializer,
    ...node.flatMap(({ attribute }) =>
      attribute.flatMap(({ t, tensors }) => (t ? [t, ...tensors] : tensors)),
    ),
  ]);
  const files = tensors
    .filter(({ dataLocation }) => dataLocation === TensorProto_DataLocation.EXTERNAL)
    .map(({ externalData }) => externalData.find(({ key }) => key === "location")?.value ?? "");
  return [...new Set(files)];
}

/** The nodes that give values, by the values' names, in the graph itself. */
export type Producers = ReadonlyMap<string, NodeProto>;

/** Finds the producers of a graph's values. */
export function producersIn(graph: GraphProto): Producers {
  const producers = new Map<string, NodeProto>();
  for (const node of graph.node) {
    for (const name of node.output) if (!producers.has(name)) producers.set(name, node);
  }
  return producers;
}

/** A set of names, written with spaces between them. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

/** Whether a node's operator is one of ONNX's own, and of the given names. */
export function isOwn({ domain, opType }: NodeProto, names: ReadonlySet<string>): boolean {
  return (domain === "" || domain === "ai.onnx") && names.has(opType);
}
