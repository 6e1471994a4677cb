// What the kernels ask of a GPU backend: run a program, release a tensor. No TensorFlow.js type leaks further than this.
import type { Precision } from "@gumbel/core";
import type { UniformValues } from "./uniforms.ts";

/** A tensor of a TensorFlow.js backend before the engine knows it; `dataId` is owned by whoever made it. */
export interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: "float32" | "int32";
}

/** The noise that a program draws: at a precision, or none. */
export type NoiseVariant = Precision | "none";

/** A program in both shader languages. It computes each element of its output from the element's flat index. */
export interface Program {
  /** Its name, once among all programs. */
  readonly name: string;
  /** Inputs by their names in the shaders. */
  readonly inputs: readonly string[];
  readonly dtype: TensorInfo["dtype"];
  /** GLSL ES 3.00 with `float element(int index)`, or `int` for an int32 output. */
  glsl(noise: NoiseVariant): string;
  /** WGSL with `fn element(index: i32) -> f32`, or `i32`; with `fn store(index: i32)` where there is `invocations`. */
  wgsl(noise: NoiseVariant): string;
  /** Invocations of the WGSL shader for an output of `size` elements, where one computes several of them. */
  invocations?(size: number, categories: number): number;
}

/** A GPU backend of TensorFlow.js. */
export interface Gpu {
  /** Runs a program over flat views of its inputs; the result has shape `[size]`. Nothing is read back. */
  run(
    program: Program,
    noise: NoiseVariant,
    inputs: readonly TensorInfo[],
    size: number,
    uniforms: UniformValues,
  ): TensorInfo;
  /**
   * The tensor as programs read it: itself, or a copy that the caller disposes. Without it webgl unpacks a packed
   * texture for every program that reads it, in two steps.
   */
  unpack(info: TensorInfo): TensorInfo;
  /** The same data under another shape. The given info must not be used any more. */
  reshape(info: TensorInfo, shape: readonly number[]): TensorInfo;
  dispose(info: TensorInfo): void;
}
