// What ONNX's checker asks of a model (onnx/checker.cc), and what ONNX Runtime does, by a second reader of the format.
import onnxProto from "onnx-proto";
import { expect } from "vitest";

type Graph = onnxProto.onnx.IGraphProto;
type ValueInfo = onnxProto.onnx.IValueInfoProto;

/** Bytes of an element, by ONNX's code of its type: those that initializers of sampling graphs have. */
const ELEMENT_SIZES: Readonly<Record<number, number>> = { 1: 4, 6: 4, 7: 8, 12: 4, 13: 8 };

/** Asserts that a model is one to ONNX's checker. Constants must be raw data, unless they are a model's own. */
export function assertValidModel(bytes: Uint8Array, own: (name: string) => boolean = () => true): void {
  const model = onnxProto.onnx.ModelProto.decode(bytes);
  const graph = model.graph!;
  expect(Number(model.irVersion)).toBeGreaterThanOrEqual(8);
  expect(model.opsetImport!.length).toBeGreaterThan(0);
  const domains = model.opsetImport!.map(({ domain }) => domain ?? "");
  expect(new Set(domains).size).toBe(domains.length);
  for (const { version } of model.opsetImport!) expect(Number(version)).toBeGreaterThan(0);
  expect(graph.name).not.toBe("");
  for (const value of [...graph.input!, ...graph.output!]) assertDeclared(value);
  for (const list of [graph.input!, graph.output!, graph.initializer!]) {
    const names = list.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
  for (const { name, dims, dataType, rawData } of graph.initializer!) {
    if (!own(name!)) continue;
    const elements = (dims ?? []).reduce<number>((size, d) => size * Number(d), 1);
    expect(rawData!.length, name!).toBe(elements * ELEMENT_SIZES[dataType!]);
  }
  const nodes = nodesIn(graph).filter(({ name }) => own(name!));
  expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length);
  for (const { name, opType, attribute, domain } of nodes) {
    expect(name).not.toBe("");
    expect(opType).not.toBe("");
    expect(domains).toContain(domain ?? "");
    for (const { name: attributeName, type } of attribute!) {
      expect(attributeName).not.toBe("");
      expect(type).toBeGreaterThan(0);
    }
  }
  assertSingleAssignment(graph, new Set(), own);
  const names = model.functions!.map(({ domain, name }) => `${domain}.${name}`);
  expect(new Set(names).size).toBe(names.length);
  for (const func of model.functions!) assertValidFunction(func, model.opsetImport!);
}

/** A function is of domains that the model imports, in the same versions, and sees nothing around it. */
function assertValidFunction(
  { name, domain, node, input, output, opsetImport }: onnxProto.onnx.IFunctionProto,
  imported: readonly onnxProto.onnx.IOperatorSetIdProto[],
): void {
  expect(name).not.toBe("");
  expect(imported.map((own) => own.domain)).toContain(domain);
  for (const own of opsetImport!) {
    const same = imported.find((other) => (other.domain ?? "") === (own.domain ?? ""));
    expect(Number(own.version)).toBe(Number(same?.version));
  }
  const nodes = nodesIn({ node: node! });
  expect(new Set(nodes.map((each) => each.name)).size).toBe(nodes.length);
  for (const each of nodes) expect(opsetImport!.map((own) => own.domain ?? "")).toContain(each.domain ?? "");
  const [inputs, outputs] = [input!, output!].map((list) => list.map((value) => ({ name: value })));
  const whole = { node: node!, input: inputs, output: outputs, initializer: [] };
  assertSingleAssignment(whole, new Set(), () => true);
}

/** Every input and output of a graph states its element type and its shape. */
function assertDeclared({ name, type }: ValueInfo): void {
  expect(name).not.toBe("");
  const tensor = type?.tensorType;
  expect(tensor?.elemType, name!).toBeGreaterThan(0);
  expect(tensor?.shape, name!).not.toBeNull();
  expect(tensor?.shape, name!).toBeDefined();
  for (const { dimValue, dimParam } of tensor!.shape!.dim!) {
    if (!dimParam) expect(Number(dimValue ?? 0)).toBeGreaterThanOrEqual(0);
  }
}

/** Each value is given once, before it is read; subgraphs see the values around them; the graph uses all that it declares. */
function assertSingleAssignment(
  graph: Graph,
  outer: ReadonlySet<string>,
  own: (name: string) => boolean,
): Set<string> {
  const known = new Set(outer);
  const used = new Set<string>();
  const declared = new Set([...graph.input!, ...graph.initializer!].map(({ name }) => name!));
  for (const name of declared) known.add(name);
  for (const { input, output, attribute } of graph.node!) {
    for (const name of input!.filter((each) => each !== "")) {
      expect(known).toContain(name);
      used.add(name);
    }
    for (const { g } of attribute!) {
      if (g) for (const name of assertSingleAssignment(g, known, own)) used.add(name);
    }
    for (const name of output!.filter((each) => each !== "")) {
      expect(known).not.toContain(name);
      known.add(name);
    }
  }
  for (const { name } of graph.output!) expect(known).toContain(name!);
  for (const name of declared) if (own(name)) expect(used).toContain(name);
  return used;
}

function nodesIn({ node }: Graph): onnxProto.onnx.INodeProto[] {
  return node!.flatMap((each) => [each, ...each.attribute!.flatMap(({ g }) => (g ? nodesIn(g) : []))]);
}
