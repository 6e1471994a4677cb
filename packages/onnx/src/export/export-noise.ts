// Graphs of the noise alone, for sessions: the words of jax.random.bits, and standard Gumbel noise.
import { type ExportNoiseOptions, resolveExportNoise } from "./options.ts";
import { exportModel, logExponential, wordsOfKey } from "./sampling-graph.ts";

/** Inputs `shape` (int64 vector) and `key`, output `words` (uint32). */
export function exportBits(options: ExportNoiseOptions): Uint8Array<ArrayBuffer> {
  const noise = resolveExportNoise(options);
  return exportModel({ operation: "bits", doc: "Random words.", opset: 18, details: noise }, (builder) => {
    const shape = builder.input("shape", { type: "int64", dims: ["rank"] });
    builder.output(wordsOfKey(builder, noise, shape), "words", { type: "uint32" });
  });
}

/** Inputs `shape` (int64 vector) and those of the noise, output `noise` (float32). */
export function exportGumbel(options: ExportNoiseOptions): Uint8Array<ArrayBuffer> {
  const noise = resolveExportNoise(options);
  return exportModel({ operation: "gumbel", doc: "Gumbel noise.", opset: 18, details: noise }, (builder) => {
    const shape = builder.input("shape", { type: "int64", dims: ["rank"] });
    const g = builder.node("Neg", [logExponential(builder, noise, shape)], "gumbel_noise");
    builder.output(g, "noise", { type: "float32" });
  });
}
