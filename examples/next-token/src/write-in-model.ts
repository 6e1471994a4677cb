// A text by a model that draws its own tokens: a sampler is appended to its graph, and nothing but tokens comes out.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { foldIn, type Key } from "@gumbel/core";
import { appendSampler } from "@gumbel/onnx";
import * as ort from "onnxruntime-node";
import type { Setting } from "./setting.ts";

/** Options that an appended sampler has. */
const OPTIONS: readonly string[] = ["temperature", "topK", "topP", "minP"];

/** The filters of a setting that an appended sampler lacks. */
export function lackOfAppended(setting: Setting): string[] {
  return Object.keys(setting).filter((name) => !OPTIONS.includes(name));
}

/**
 * Continues a prompt.
 *
 * @param folder of a model that `buildDecoder` wrote
 */
export async function writeInModel(
  folder: string,
  setting: Setting,
  prompt: readonly number[],
  tokens: number,
  key: Key,
): Promise<number[]> {
  const model = readFileSync(join(folder, "onnx", "model.onnx"));
  const session = await ort.InferenceSession.create(
    appendSampler(model, { logits: "logits", position: "last", ...setting }),
  );
  const drawn: number[] = [];
  let next = prompt;
  let cache = new ort.Tensor("float32", new Float32Array(0), [1, 1, 0, 1]);
  for (let step = 0; step < tokens; step++) {
    const feeds = {
      input_ids: new ort.Tensor("int64", BigInt64Array.from(next, BigInt), [1, next.length]),
      "past_key_values.0.key": cache,
      key: new ort.Tensor("uint32", Uint32Array.from(foldIn(key, step)), [2]),
    };
    // The logits stay where they are.
    const outputs = await session.run(feeds, ["indices", "present.0.key"]);
    cache = outputs["present.0.key"] as typeof cache;
    next = [Number((outputs.indices.data as BigInt64Array)[0])];
    drawn.push(next[0]);
  }
  await session.release();
  return drawn;
}
