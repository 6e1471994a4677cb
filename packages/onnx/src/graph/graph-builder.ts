// Builds a graph node by node, with names that read well: a node and its first output share `scope/name`.
// Knows ONNX's messages and nothing of sampling.
import { create } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { ELEMENT_TYPES, type ElementType, rawDataOf } from "./element-type.ts";
import { ModelError } from "./model-error.ts";

/** Name of a value in a graph. */
export type Value = string;

/** An attribute: a number is an ONNX int, a string a string, an array ints; floats are marked. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** A dimension: a size, the name of one that varies, or `"?"` for one of which nothing is known. */
export type Dimension = number | string;

/** What is known of an input or output: its type, and its shape where the rank is known. */
export interface ValueType {
  readonly type: ElementType;
  readonly dims?: readonly Dimension[] | undefined;
}

/** An output of both branches of an `If`. */
export interface BranchOutput {
  readonly name: string;
  readonly type: ElementType;
}

/** A model-local function, of which a graph needs no more to call it. */
export interface Callable {
  readonly domain: string;
  readonly name: string;
  readonly body: GraphBuilder;
}

/** A graph under construction. */
export interface GraphBuilder {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  /** Adds a node of one output. */
  node(opType: string, inputs: readonly Value[], name: string, attributes?: Record<string, Attribute>): Value;
  /** Adds a node of several outputs. */
  manyOf(
    opType: string,
    inputs: readonly Value[],
    name: string,
    outputs: readonly string[],
    attributes?: Record<string, Attribute>,
  ): Value[];
  /**
   * Adds an `If`: the outputs of one of two subgraphs, which see the values around them. Inputs that they declare are inputs
   * of the whole graph.
   *
   * @param outputs name and element type of each output, in the order of the values that both functions return
   */
  choose(
    condition: Value,
    name: string,
    outputs: readonly BranchOutput[],
    then: () => readonly Value[],
    otherwise: () => readonly Value[],
  ): Value[];
  /**
   * Adds a node that calls a function. What the function's body declares as inputs and outputs, this graph declares too.
   *
   * @param inputs values for the function's first inputs, which its body does not declare
   */
  call(func: Callable, inputs: readonly Value[]): void;
  /** Puts every node that `build` adds under `name/`. */
  scope<Result>(name: string, build: () => Result): Result;
  /** A constant; equal ones are one initializer. A number makes a scalar, an array a vector. */
  constant(type: ElementType, value: number | bigint | readonly number[]): Value;
  /** Declares an input of the graph. */
  input(name: string, type: ValueType): Value;
  /** Makes a value an output of the graph, under a name of its own. */
  output(value: Value, name: string, type: ValueType): void;
}

/** Options of {@link createGraphBuilder}. */
export interface GraphBuilderOptions {
  /** First part of every name of a node. */
  readonly root?: string;
  /** Names that must not be used: those of the graph that this one is added to. */
  readonly taken?: Iterable<string>;
  /** Put before the names of inputs and outputs. */
  readonly prefix?: string;
}

/** Starts a graph. */
export function createGraphBuilder({
  root = "",
  taken = [],
  prefix = "",
}: GraphBuilderOptions = {}): GraphBuilder {
  const nodes: NodeProto[] = [];
  // Where nodes are added: the graph's, or those of a branch.
  let current = nodes;
  const initializers = new Map<string, TensorProto>();
  const inputs: ValueInfoProto[] = [];
  const outputs: ValueInfoProto[] = [];
  const names = new Set(taken);
  let path = root;

  function unique(name: string): string {
    let candidate = name;
    for (let i = 2; names.has(candidate); i++) candidate = `${name}_${i}`;
    names.add(candidate);
    return candidate;
  }

  function exposed(name: string): string {
    const own = `${prefix}${name}`;
    if (names.has(own)) {
      throw new ModelError(
        `the model already has a value named ${JSON.stringify(own)}: choose another prefix than ${JSON.stringify(prefix)}`,
      );
    }
    names.add(own);
    return own;
  }

  const under = (name: string) => (path === "" ? name : `${path}/${name}`);

  const builder: GraphBuilder = {
    nodes,
    inputs,
    outputs,
    get initializers() {
      return [...initializers.values()];
    },
    node: (opType, given, name, attributes) => builder.manyOf(opType, given, name, [""], attributes)[0],
    manyOf(opType, given, name, suffixes, attributes = {}) {
      const nodeName = unique(under(name));
      const output = suffixes.map((suffix) => (suffix === "" ? nodeName : unique(`${nodeName}/${suffix}`)));
      const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
      current.push(create(NodeProtoSchema, { opType, name: nodeName, input: [...given], output, attribute }));
      return output;
    },
    choose(condition, name, outputs, then, otherwise) {
      const attribute = Object.entries({ then_branch: then, else_branch: otherwise }).map(
        ([branch, build]) => {
          const outer = current;
          const node: NodeProto[] = [];
          current = node;
          try {
            // A branch must make its outputs itself.
            const output = build().map((value, i) =>
              valueInfo(builder.node("Identity", [value], `${branch}_${outputs[i].name}`), outputs[i]),
            );
            const g = create(GraphProtoSchema, { name: under(branch), node, output });
            return create(AttributeProtoSchema, {
              name: branch,
              type: AttributeProto_AttributeType.GRAPH,
              g,
            });
          } finally {
            current = outer;
          }
        },
      );
      const values = builder.manyOf(
        "If",
        [condition],
        name,
        outputs.map((output) => output.name),
      );
      current[current.length - 1].attribute = attribute;
      return values;
    },
    call({ domain, name, body }, given) {
      const declare = (info: ValueInfoProto) =>
        create(ValueInfoProtoSchema, { ...info, name: exposed(info.name) });
      const [own, made] = [body.inputs.map(declare), body.outputs.map(declare)];
      inputs.push(...own);
      outputs.push(...made);
      const [input, output] = [own, made].map((values) => values.map((value) => value.name));
      const nodeName = unique(under(name));
      current.push(
        create(NodeProtoSchema, {
          domain,
          opType: name,
          name: nodeName,
          input: [...given, ...input],
          output,
        }),
      );
    },
    scope(name, build) {
      const outer = path;
      path = under(name);
      try {
        return build();
      } finally {
        path = outer;
      }
    },
    constant(type, value) {
      const dims = Array.isArray(value) ? [BigInt(value.length)] : [];
      const rawData = rawDataOf(type, typeof value === "object" ? value : [value]);
      const key = `${type}[${dims}]:${rawData.join()}`;
      let found = initializers.get(key);
      if (found === undefined) {
        const shown = (Array.isArray(value) ? value.join("_") : String(value)) || "empty";
        const name = unique(`${root === "" ? "" : `${root}/`}constants/${type}_${shown}`);
        found = create(TensorProtoSchema, { name, dims, dataType: ELEMENT_TYPES[type], rawData });
        initializers.set(key, found);
      }
      return found.name;
    },
    input(name, type) {
      const own = exposed(name);
      inputs.push(valueInfo(own, type));
      return own;
    },
    output(value, name, type) {
      const own = exposed(name);
      outputs.push(valueInfo(own, type));
      rename(nodes, value, own);
    },
  };
  return builder;
}

function rename(nodes: readonly NodeProto[], from: Value, to: Value): void {
  for (const node of nodes) {
    node.input = node.input.map((name) => (name === from ? to : name));
    node.output = node.output.map((name) => (name === from ? to : name));
  }
}

function attributeOf(name: string, value: Attribute): AttributeProto {
  const type = AttributeProto_AttributeType;
  if (typeof value === "number") {
    return create(AttributeProtoSchema, { name, type: type.INT, i: BigInt(value) });
  }
  if (typeof value === "string") {
    return create(AttributeProtoSchema, { name, type: type.STRING, s: new TextEncoder().encode(value) });
  }
  if ("float" in value) return create(AttributeProtoSchema, { name, type: type.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: type.INTS, ints: value.map(BigInt) });
}

function valueInfo(name: string, { type, dims }: ValueType): ValueInfoProto {
  const shape =
    dims === undefined
      ? {}
      : {
          shape: {
            dim: dims.map((dimension) => {
              // Two dimensions of one name are of one size, which two unknown ones need not be.
              if (dimension === "?") return {};
              return typeof dimension === "string"
                ? { value: { case: "dimParam" as const, value: dimension } }
                : { value: { case: "dimValue" as const, value: BigInt(dimension) } };
            }),
          },
        };
  const elemType = ELEMENT_TYPES[type];
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType, ...shape } } },
  });
}
