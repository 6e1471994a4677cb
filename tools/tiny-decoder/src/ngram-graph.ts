// An n-gram model as an ONNX graph: rows of tables looked up by the last tokens, added up, and their logarithm.
import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
} from "onnx-buf";
import type { NgramModel, OrderTables } from "./count-ngrams.ts";

/** Operator set with ScatterElements's reduction on every runtime that has samplers, and the file format of its time. */
const [OPSET, IR_VERSION] = [18n, 8n];

const { FLOAT, INT32, INT64 } = TensorProto_DataType;
const ATTRIBUTE = AttributeProto_AttributeType;

/** Slice's end of a whole axis. */
const END = 2n ** 63n - 1n;

type Data = Float32Array | Int32Array | BigInt64Array;

/** Nodes and initializers as they are added. */
interface Graph {
  node(
    op: string,
    input: readonly string[],
    name: string,
    attributes?: Record<string, number | string>,
  ): string;
  tensor(name: string, data: Data, dims?: readonly number[]): string;
  ints(...values: (number | bigint)[]): string;
}

/**
 * The model's file. Inputs: `input_ids` [batch, sequence], and `past_key_values.0.key` [batch, 1, past, 1]: the cache of a decoder
 * of one layer, whose keys are the numbers of the tokens before. Outputs: `logits` [batch, sequence, V] and `present.0.key`. What
 * lies before a text counts as token 0, so that padding on the left with it changes nothing.
 */
export function ngramGraph(model: NgramModel): Uint8Array<ArrayBuffer> {
  const nodes: ReturnType<typeof nodeOf>[] = [];
  const tensors: ReturnType<typeof tensorOf>[] = [];
  const graph: Graph = {
    node(op, input, name, attributes = {}) {
      nodes.push(nodeOf(op, input, name, attributes));
      return name;
    },
    tensor(name, data, dims = [data.length]) {
      tensors.push(tensorOf(name, data, dims));
      return name;
    },
    ints(...values) {
      const name = `ints_${values.map(String).join("_")}`;
      if (tensors.every((tensor) => tensor.name !== name)) {
        tensors.push(tensorOf(name, BigInt64Array.from(values, BigInt), [values.length]));
      }
      return name;
    },
  };
  const contextLength = Math.max(...model.orders.map((order) => order.contextLength));
  const { history, length } = addHistory(graph, contextLength);
  // Token j of the context of every position: j tokens before the newest.
  const context = Array.from({ length: contextLength }, (_, j) => {
    const start = graph.node("Sub", [graph.ints(-j), length], `start_${j}`);
    const end = graph.ints(j === 0 ? END : -j);
    return graph.node("Slice", [history, start, end, graph.ints(1)], `token_${j}`);
  });
  let p = graph.tensor("unigrams", model.unigrams, [1, 1, model.vocabularySize]);
  for (const order of model.orders) p = addOrder(graph, order, model.vocabularySize, context, p);
  graph.node("Log", [p], "logits");
  const file = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    opsetImport: [{ domain: "", version: OPSET }],
    producerName: "gumbel-tiny-decoder",
    graph: {
      name: "ngrams",
      node: nodes,
      initializer: tensors,
      input: [
        tensorInfo("input_ids", INT64, ["batch_size", "sequence_length"]),
        tensorInfo("past_key_values.0.key", FLOAT, ["batch_size", 1, "past_sequence_length", 1]),
      ],
      output: [
        tensorInfo("logits", FLOAT, ["batch_size", "sequence_length", model.vocabularySize]),
        tensorInfo("present.0.key", FLOAT, ["batch_size", 1, "total_sequence_length", 1]),
      ],
    },
  });
  return toBinary(ModelProtoSchema, file);
}

/** Tokens so far with `contextLength` zeros before them, [batch, …], and how many are new. Makes `present.0.key`. */
function addHistory(graph: Graph, contextLength: number): { history: string; length: string } {
  const { node, ints } = graph;
  const shape = node("Shape", ["input_ids"], "shape");
  const batch = node("Slice", [shape, ints(0), ints(1)], "batch");
  const length = node("Slice", [shape, ints(1), ints(2)], "length");
  const starts = node(
    "Expand",
    [ints(0), node("Concat", [batch, ints(contextLength)], "starts_shape", { axis: 0 })],
    "starts",
  );
  const past = node("Squeeze", ["past_key_values.0.key", ints(1, 3)], "past");
  const pastIds = node("Cast", [past], "past_ids", { to: INT64 });
  const seen = node("Concat", [pastIds, "input_ids"], "seen", { axis: 1 });
  // A number of a token is exact in float32.
  const floats = node("Cast", [seen], "seen_floats", { to: FLOAT });
  node("Unsqueeze", [floats, ints(1, 3)], "present.0.key");
  return { history: node("Concat", [starts, seen], "history", { axis: 1 }), length };
}

/** p ← λ·p + the values of the context's row, [batch, sequence, V]. */
function addOrder(
  graph: Graph,
  order: OrderTables,
  vocabularySize: number,
  context: readonly string[],
  p: string,
): string {
  const { node, tensor, ints } = graph;
  const name = (part: string) => `order_${order.contextLength + 1}/${part}`;
  const rows = order.backoff.length;
  const row = addRow(graph, order, vocabularySize, context);
  const table = (part: string, data: Data) =>
    node("Gather", [tensor(name(`${part}_table`), data, [rows, order.width]), row], name(part), { axis: 0 });
  const backoff = node("Gather", [tensor(name("backoff_table"), order.backoff), row], name("backoff"), {
    axis: 0,
  });
  const column = node("Unsqueeze", [backoff, ints(-1)], name("backoff_column"));
  const kept = node("Mul", [p, column], name("kept"));
  return node(
    "ScatterElements",
    [kept, table("tokens", order.tokens), table("values", order.values)],
    name("p"),
    {
      axis: 2,
      reduction: "add",
    },
  );
}

/**
 * The row of each position's context, [batch, sequence], 0 where there is none: a hash table whose buckets are the numbers of
 * contexts modulo a prime, searched by comparing with all of a bucket.
 */
function addRow(
  { node, tensor, ints }: Graph,
  { contextLength, rows }: OrderTables,
  vocabularySize: number,
  context: readonly string[],
): string {
  const name = (part: string) => `order_${contextLength + 1}/${part}`;
  const { prime, width, numbers, places } = hashTable(rows);
  let number = context[contextLength - 1];
  for (let j = contextLength - 2; j >= 0; j--) {
    const shifted = node("Mul", [number, ints(vocabularySize)], name(`shifted_${j}`));
    number = node("Add", [shifted, context[j]], name(`number_${j}`));
  }
  const bucket = node("Mod", [number, ints(prime)], name("bucket"));
  const candidates = node(
    "Gather",
    [tensor(name("numbers"), numbers, [prime, width]), bucket],
    name("candidates"),
    {
      axis: 0,
    },
  );
  const isEqual = node(
    "Equal",
    [candidates, node("Unsqueeze", [number, ints(-1)], name("column"))],
    name("is_equal"),
  );
  const candidateRows = node(
    "Gather",
    [tensor(name("rows"), places, [prime, width]), bucket],
    name("candidate_rows"),
    {
      axis: 0,
    },
  );
  const found = node("Where", [isEqual, candidateRows, ints(0)], name("found"));
  return node("ReduceMax", [found, ints(-1)], name("row"), { keepdims: 0 });
}

/** Buckets [prime, width] of context numbers and their rows; unused entries have number −1. */
function hashTable(rows: ReadonlyMap<number, number>) {
  const prime = primeFrom(rows.size);
  const buckets = Array.from({ length: prime }, (): number[] => []);
  for (const number of rows.keys()) buckets[number % prime].push(number);
  const width = buckets.reduce((most, { length }) => Math.max(most, length), 1);
  const numbers = new BigInt64Array(prime * width).fill(-1n);
  const places = new BigInt64Array(prime * width);
  buckets.forEach((bucket, b) => {
    bucket.forEach((number, i) => {
      numbers[b * width + i] = BigInt(number);
      places[b * width + i] = BigInt(rows.get(number)!);
    });
  });
  return { prime, width, numbers, places };
}

/** The lowest prime of at least n. */
function primeFrom(n: number): number {
  for (let candidate = Math.max(2, n); ; candidate++) {
    let divisor = 2;
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++;
    if (divisor * divisor > candidate) return candidate;
  }
}

function nodeOf(
  opType: string,
  input: readonly string[],
  name: string,
  attributes: Record<string, number | string>,
) {
  const attribute = Object.entries(attributes).map(([key, value]) =>
    typeof value === "string"
      ? create(AttributeProtoSchema, {
          name: key,
          type: ATTRIBUTE.STRING,
          s: new TextEncoder().encode(value),
        })
      : create(AttributeProtoSchema, { name: key, type: ATTRIBUTE.INT, i: BigInt(value) }),
  );
  return create(NodeProtoSchema, { opType, name, input: [...input], output: [name], attribute });
}

function tensorOf(name: string, data: Data, dims: readonly number[]) {
  const dataType = data instanceof Float32Array ? FLOAT : data instanceof Int32Array ? INT32 : INT64;
  const rawData = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData });
}

function tensorInfo(name: string, elemType: TensorProto_DataType, dims: readonly (number | string)[]) {
  const dim = dims.map((size) => ({
    value:
      typeof size === "string"
        ? { case: "dimParam" as const, value: size }
        : { case: "dimValue" as const, value: BigInt(size) },
  }));
  return { name, type: { value: { case: "tensorType" as const, value: { elemType, shape: { dim } } } } };
}
