// What the kernels ask of a GPU backend: run a named program, give a tensor back. No TensorFlow.js type leaks further
// than this; which shader language a program is written in is the backend's business.
import type { Precision } from "@gumbel/core";
import type { UniformValues } from "./uniforms.ts";

/** A tensor of a TensorFlow.js backend before the engine knows it; `dataId` is owned by whoever made it. */
export interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: "float32" | "int32";
}

/** Name of a program. */
export type ProgramName =
  | "bits"
  | "noise"
  | "perturb"
  | "best"
  | "better"
  | "oneHot"
  | "mass"
  | "soft"
  | "dot"
  | "gradient"
  | "fold"
  | "order"
  | "exchange"
  | "merge"
  | "topValues"
  | "topIndices";

/** What a program reads and writes. */
export interface Program {
  readonly inputs: readonly string[];
  readonly dtype: TensorInfo["dtype"];
}

/**
 * The programs. Each computes the element of its output at a flat index. Names of inputs are those of the shaders.
 * A winner is a class; −1 stands for a row without one.
 */
export const PROGRAMS: Record<ProgramName, Program> = {
  /** Words of the noise's blocks. */
  bits: { inputs: [], dtype: "int32" },
  /** Gumbel noise. */
  noise: { inputs: [], dtype: "float32" },
  /** `logits + g`; masks and degenerate values as they are. */
  perturb: { inputs: ["logits"], dtype: "float32" },
  /** The best class of each chunk of each row of `logits + g`; −2 where it is degenerate. */
  best: { inputs: ["logits"], dtype: "int32" },
  /** The best of `count` winners of each row, in chunks. */
  better: { inputs: ["logits", "winners"], dtype: "int32" },
  /** 1 at the winner, 0 elsewhere, NaN in a row without one. */
  oneHot: { inputs: ["winners"], dtype: "float32" },
  /** `Σ exp((z − max)/temperature)` of each chunk. */
  mass: { inputs: ["perturbed", "winners"], dtype: "float32" },
  /** `exp((z − max)/temperature)` over the row's mass. */
  soft: { inputs: ["perturbed", "winners", "masses"], dtype: "float32" },
  /** `Σ y·c` of each chunk. */
  dot: { inputs: ["probabilities", "cotangent"], dtype: "float32" },
  /** `y·(c − Σ y·c)/temperature`. */
  gradient: { inputs: ["probabilities", "cotangent", "dots"], dtype: "float32" },
  /** Sums of the middle dimension of [a, count, inner], in chunks; NaN where a summand is. */
  fold: { inputs: ["summands"], dtype: "float32" },
  /** Classes 0, 1, … of each row, padded with −1 to whole runs. */
  order: { inputs: [], dtype: "int32" },
  /** One step of a bitonic sort of each run. */
  exchange: { inputs: ["perturbed", "order"], dtype: "int32" },
  /** Halves the number of runs, keeping the best `width` of each two, as a bitonic sequence. */
  merge: { inputs: ["perturbed", "order"], dtype: "int32" },
  /** Perturbed logits of the first places of each row's order. */
  topValues: { inputs: ["perturbed", "order", "winners"], dtype: "float32" },
  /** Classes of the first places of each row's order. */
  topIndices: { inputs: ["perturbed", "order", "winners"], dtype: "int32" },
};

/** Which noise a program adds: a precision, or none. */
export type NoiseVariant = Precision | "none";

/** A GPU backend of TensorFlow.js. */
export interface GpuBackend {
  /** Runs a program over flat views of its inputs; the result has shape `[size]`. Nothing is read back. */
  run(
    program: ProgramName,
    variant: NoiseVariant,
    inputs: readonly TensorInfo[],
    size: number,
    uniforms: UniformValues,
  ): TensorInfo;
  /** The same data under another shape. The given info must not be used any more. */
  reshape(info: TensorInfo, shape: readonly number[]): TensorInfo;
  dispose(info: TensorInfo): void;
}
