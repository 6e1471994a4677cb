// A kernel as data: its text and what it binds. Composing the text happens here, compiling does not.
import type { Precision } from "@gumbel/core";
import {
  bitsOfHalfWgsl,
  bitsOfOrderWgsl,
  blockOf,
  isDegenerateWgsl,
  isMaskedWgsl,
  noiseOf2Wgsl,
  noiseWgsl,
  orderOfWgsl,
} from "../wgsl/index.ts";
import { paramsWgsl } from "./params.ts";
import type { Target } from "./target.ts";
import { type TensorBinding, tensorWgsl } from "./tensors.ts";

/** Which noise a kernel adds. */
export type NoiseVariant = Precision | "none";

/** A compute shader. Binding 0 holds the params, the pieces of each tensor follow in order. */
export interface Kernel {
  /** Names the kernel and its variant, uniquely: pipelines are cached by it. */
  readonly name: string;
  readonly tensors: readonly TensorBinding[];
  /** The text for a device. A function, because a cached pipeline does not need it again. */
  readonly code: (target: Target) => string;
}

/** Number of storage bindings that a kernel takes. */
export function bindingCount({ tensors }: Kernel): number {
  return tensors.reduce((count, { pieces }) => count + pieces, 0);
}

/**
 * Makes a kernel from its own functions.
 *
 * @param variant everything that the text depends on beside the tensors
 * @param parts directives first, then what the kernel adds to the common functions
 */
export function createKernel(
  operation: string,
  variant: object,
  tensors: readonly TensorBinding[],
  noise: NoiseVariant,
  parts: () => { directives: string; functions: readonly string[] },
): Kernel {
  const layout = tensors.map(({ name, format = "word", pieces, pieceWords }) =>
    pieces === 1 ? `${name}:${format}` : `${name}:${format}×${pieces}@${pieceWords}`,
  );
  return {
    name: `${operation} ${JSON.stringify({ ...variant, noise })} ${layout.join(" ")}`,
    tensors,
    code: (target) => {
      const { directives, functions } = parts();
      let binding = 1;
      const bindings = tensors.map((tensor) => {
        const text = tensorWgsl(tensor, binding);
        binding += tensor.pieces;
        return text;
      });
      const halves = tensors.some(({ format }) => format === "half") ? [bitsOfHalfWgsl] : [];
      const rotation = target === "software" ? "adder" : "shift";
      const text = [
        ...halves,
        ...bindings,
        isMaskedWgsl,
        isDegenerateWgsl,
        orderOfWgsl,
        bitsOfOrderWgsl,
        blockOf(rotation),
        noise === "none" ? "" : noiseWgsl(noise) + noiseOf2Wgsl(noise, rotation),
        ...functions,
      ].join("");
      return directives + paramsWgsl(text, target) + text;
    },
  };
}
