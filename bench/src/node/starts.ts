// Who takes part in Node: everything that runs on a CPU. Each is imported when it starts, so that one that cannot be does not
// keep the others from running. Another checkout's `--against` imports this module too.
import { availableParallelism } from "node:os";
import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Start, startOf } from "../contestant.ts";

/** One thread each, but for @gumbel/wasm's workers: machines differ in how many they have, and a sampler runs beside a model. */
const THREADS = 1;

/** Starters in the order of tables. */
export const nodeStarts: readonly Start[] = [
  startOf("gumbel-wasm", "wasm", "@gumbel/wasm", async () =>
    (await import("../contestants/gumbel-wasm.ts")).gumbelWasm(availableParallelism()),
  ),
  startOf("gumbel-core", "wasm", "@gumbel/core", async () =>
    (await import("../contestants/reference.ts")).reference(),
  ),
  startOf("jax-js-wasm", "wasm", "@jax-js/jax", async () =>
    (await import("../contestants/jax-js.ts")).jaxJs("wasm"),
  ),
  startOf("javascript", "wasm", "@stdlib/random-base-gumbel", async () =>
    (await import("../contestants/javascript.ts")).javascript(),
  ),
  startOf("pytorch", "wasm", "torch", async () => (await import("../contestants/python.ts")).python("torch")),
  startOf("jax", "wasm", "jax", async () => (await import("../contestants/python.ts")).python("jax")),
  startOf("tfjs-cpu", "tfjs", "@tensorflow/tfjs", async () =>
    (await import("../contestants/tfjs.ts")).tfjs("cpu"),
  ),
  startOf("tfjs-wasm", "tfjs", "@tensorflow/tfjs-backend-wasm", async () => {
    const { engine } = await import("@tensorflow/tfjs");
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    const { tfjs } = await import("../contestants/tfjs.ts");
    // Refused once the backend has started: by another checkout's contestants in this process.
    if (!("wasm" in engine().registry))
      setWasmPaths(dirname(fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"))) + sep);
    return tfjs("wasm");
  }),
  startOf("onnx-node", "onnx", "onnxruntime-node", async () => {
    const ort = await import("onnxruntime-node");
    const { ofOnnx } = await import("../contestants/onnx.ts");
    const sessionOptions = { executionProviders: ["cpu"], intraOpNumThreads: THREADS };
    return ofOnnx({ ort, place: "node", library: "onnxruntime-node", sessionOptions });
  }),
  startOf("onnx-wasm", "onnx", "onnxruntime-web", async () => {
    const ort = await import("onnxruntime-web");
    const { ofOnnx } = await import("../contestants/onnx.ts");
    ort.env.wasm.numThreads = THREADS;
    const sessionOptions = { executionProviders: ["wasm"] };
    return ofOnnx({ ort, place: "wasm", library: "onnxruntime-web", sessionOptions });
  }),
  startOf("transformers-js", "onnx", "@huggingface/transformers", async () =>
    (await import("../contestants/transformers-js.ts")).transformersJs(),
  ),
  startOf("web-llm", "webgpu", "@mlc-ai/web-llm", async () => {
    const exported = Object.keys(await import("@mlc-ai/web-llm")).filter((name) => /sampl/i.test(name));
    const why = exported.length === 0 ? "it exports no sampler" : `its exports ${exported} take no logits`;
    throw new Error(
      `${why}: sampling, on the GPU and on the CPU, is a function inside a compiled model, which has to be downloaded`,
    );
  }),
];
