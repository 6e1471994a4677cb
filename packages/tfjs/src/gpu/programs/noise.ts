// Random words and Gumbel noise of a whole shape.
import { noiseSourceGlsl } from "../../webgl/glsl/noise-source.ts";
import { blocksOf2Wgsl, noiseSourceWgsl } from "../../webgpu/wgsl/noise-source.ts";
import { pairsOf, storePairWgsl } from "../../webgpu/wgsl/rows.ts";
import type { Program } from "../gpu.ts";

/** Words of the noise's blocks. Float textures, which webgl computes in, cannot hold them. */
export const wordsProgram: Program = {
  name: "words",
  inputs: [],
  dtype: "int32",
  glsl() {
    throw new Error("a float texture holds 24 bits of a word");
  },
  wgsl: () => `${blocksOf2Wgsl}
fn store(index: i32) {
  let at = 2 * index;
  let blocks = blocks_of_2(counter_at(at), counter_at(at + 1));
  let words = bitcast<vec2<i32>>(blocks.xy ^ blocks.zw);
  ${storePairWgsl("words", "setOutputAtIndexI32")}
}`,
  invocations: pairsOf,
};

/** Gumbel noise. */
export const noiseProgram: Program = {
  name: "noise",
  inputs: [],
  dtype: "float32",
  glsl: (noise) => `${noiseSourceGlsl(noise)}
float element(int index) { return noiseAt(index); }`,
  wgsl: (noise) => `${noiseSourceWgsl(noise)}
fn store(index: i32) {
  let at = 2 * index;
  let g = noise_of_2(counter_at(at), counter_at(at + 1));
  ${storePairWgsl("g", "setOutputAtIndex")}
}`,
  invocations: pairsOf,
};
