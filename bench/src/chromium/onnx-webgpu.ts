// ONNX Runtime's native WebGPU provider, served by the page's own server.
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";
import type { Contestant } from "../contestant.ts";
import { gumbelOnnx } from "../contestants/gumbel-onnx.ts";
import { onnxByHand } from "../contestants/onnx-by-hand.ts";

/** Contestants; logits come from and results go to the CPU, as `session.run` does by itself. */
export async function loadOnnxWebgpu(): Promise<Contestant[]> {
  ort.env.wasm.wasmPaths = { mjs, wasm };
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error"; // it warns that integer nodes run on the CPU, which is meant
  const place = {
    ort,
    place: "webgpu",
    library: "onnxruntime-web",
    sessionOptions: { executionProviders: ["webgpu"] },
  };
  return [...(await gumbelOnnx(place)), ...(await onnxByHand(place))];
}
