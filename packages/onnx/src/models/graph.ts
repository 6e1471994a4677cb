// Every sampling graph that there is, as plain data, and its model.
import { type CategoricalGraph, categoricalModel } from "./categorical-model.ts";
import { type DecodingGraph, decodingModel } from "./decoding-model.ts";
import { type GumbelTopKGraph, gumbelTopKModel } from "./gumbel-top-k-model.ts";
import { bitsModel, gumbelModel, type NoiseGraph } from "./noise-model.ts";
import { type SoftGraph, softModel } from "./soft-model.ts";
import { type SoftVjpGraph, softVjpModel } from "./soft-vjp-model.ts";

/** A sampling graph, resolved. */
export type Graph =
  | NoiseGraph
  | SoftGraph
  | SoftVjpGraph
  | CategoricalGraph
  | DecodingGraph
  | GumbelTopKGraph;

/** The model of a graph. */
export function modelOf(graph: Graph): Uint8Array<ArrayBuffer> {
  switch (graph.operation) {
    case "bits":
      return bitsModel(graph);
    case "gumbel":
      return gumbelModel(graph);
    case "gumbelSoftmax":
    case "softmax":
      return softModel(graph);
    case "gumbelSoftmaxVjp":
    case "softmaxVjp":
      return softVjpModel(graph);
    case "categorical":
      return categoricalModel(graph);
    case "decoding":
      return decodingModel(graph);
    case "gumbelTopK":
      return gumbelTopKModel(graph);
  }
}
