// Models of the noise alone, for sessions: random words, and standard Gumbel noise.
import { type GraphNoise, logExponential, wordsOfKey } from "./noise-inputs.ts";
import { samplingModel } from "./sampling-model.ts";

/** A graph of `bits` or `gumbel`, resolved. */
export interface NoiseGraph {
  readonly operation: "bits" | "gumbel";
  readonly noise: GraphNoise;
}

/** Inputs `shape` (int64 vector) and `key`, output `words` (uint32). */
export function bitsModel(graph: NoiseGraph): Uint8Array<ArrayBuffer> {
  return samplingModel({ doc: "Random words.", opset: 18, graph }, (builder) => {
    const shape = builder.input("shape", { type: "int64", dims: ["rank"] });
    builder.output(wordsOfKey(builder, graph.noise, shape), "words", { type: "uint32" });
  });
}

/** Inputs `shape` (int64 vector) and those of the noise, output `noise` (float32). */
export function gumbelModel(graph: NoiseGraph): Uint8Array<ArrayBuffer> {
  return samplingModel({ doc: "Gumbel noise.", opset: 18, graph }, (builder) => {
    const shape = builder.input("shape", { type: "int64", dims: ["rank"] });
    const g = builder.node("Neg", [logExponential(builder, graph.noise, { shape })], "gumbel_noise");
    builder.output(g, "noise", { type: "float32" });
  });
}
