// Who takes part in Node: everything that runs on a CPU. Each is imported when it starts, so that one that cannot be does not
// keep the others from running.
import { availableParallelism } from "node:os";
import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { OrtTensor } from "@gumbel/onnx";
import type { Contestant } from "../contestant.ts";
import type { OnnxPlace } from "../contestants/gumbel-onnx.ts";
import type { Start } from "../service.ts";

/** One thread each, but for the one that says otherwise: machines differ in how many they have, and a sampler runs beside a model. */
const THREADS = 1;

/** Starters in the order of tables. */
export const nodeStarts: readonly Start[] = [
  start("gumbel-wasm", "wasm", true, "@gumbel/wasm", async () =>
    (await import("../contestants/gumbel-wasm.ts")).gumbelWasm(availableParallelism()),
  ),
  start("gumbel-core", "wasm", true, "@gumbel/core", async () =>
    (await import("../contestants/reference.ts")).reference(),
  ),
  start("jax-js-wasm", "wasm", false, "@jax-js/jax", async () =>
    (await import("../contestants/jax-js.ts")).jaxJs("wasm"),
  ),
  start("stdlib", "wasm", false, "@stdlib/random-base-gumbel", async () =>
    (await import("../contestants/stdlib.ts")).stdlib(),
  ),
  start("javascript", "wasm", false, "none", async () =>
    (await import("../contestants/read-alone.ts")).readAlone(),
  ),
  start("pytorch", "wasm", false, "torch", async () =>
    (await import("../contestants/python.ts")).python("torch"),
  ),
  start("jax", "wasm", false, "jax", async () => (await import("../contestants/python.ts")).python("jax")),
  start("tfjs-cpu", "tfjs", false, "@tensorflow/tfjs", async () =>
    (await import("../contestants/tfjs.ts")).tfjs("cpu"),
  ),
  start("tfjs-wasm", "tfjs", false, "@tensorflow/tfjs-backend-wasm", async () => {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(dirname(fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"))) + sep);
    return (await import("../contestants/tfjs.ts")).tfjs("wasm");
  }),
  start("onnx-node", "onnx", false, "onnxruntime-node", async () => {
    const ort = await import("onnxruntime-node");
    const sessionOptions = { executionProviders: ["cpu"], intraOpNumThreads: THREADS };
    const place = { ort, place: "node", library: "onnxruntime-node", sessionOptions };
    return onnx(place);
  }),
  start("onnx-wasm", "onnx", false, "onnxruntime-web", async () => {
    const ort = await import("onnxruntime-web");
    ort.env.wasm.numThreads = THREADS;
    const place = {
      ort,
      place: "wasm",
      library: "onnxruntime-web",
      sessionOptions: { executionProviders: ["wasm"] },
    };
    return onnx(place);
  }),
  start("transformers-js", "onnx", false, "@huggingface/transformers", async () =>
    (await import("../contestants/transformers-js.ts")).transformersJs(),
  ),
  start("web-llm", "webgpu", false, "@mlc-ai/web-llm", async () =>
    (await import("../contestants/web-llm.ts")).webLlm(),
  ),
];

async function onnx<T extends OrtTensor>(place: OnnxPlace<T>): Promise<Contestant[]> {
  const { gumbelOnnx } = await import("../contestants/gumbel-onnx.ts");
  const { onnxByHand } = await import("../contestants/onnx-by-hand.ts");
  return [...(await gumbelOnnx(place)), ...(await onnxByHand(place))];
}

function start(
  id: string,
  family: Start["family"],
  ours: boolean,
  library: string,
  starter: Start["start"],
): Start {
  return { id, name: library, family, ours, library, start: starter };
}
