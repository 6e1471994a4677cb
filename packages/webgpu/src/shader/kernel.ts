// A kernel as data: its text and what it binds. Composing the text happens here, compiling does not.
import type { Precision } from "@gumbel/core/shared";
import {
  bitsOfFloat16Wgsl,
  bitsOfSortableWgsl,
  blockWgsl,
  isDegenerateWgsl,
  isMaskedWgsl,
  noiseOf2Wgsl,
  noiseWgsl,
  sortableBitsWgsl,
} from "../wgsl/index.ts";
import { paramsStructWgsl, paramsWgsl } from "./params.ts";
import { type TensorBinding, tensorWgsl } from "./tensors.ts";
import type { ThreadGroup } from "./thread-group.ts";

/** Which noise a kernel adds. */
export type NoiseVariant = Precision | "none";

/** A compute shader. Binding 0 holds the params, the pieces of each tensor follow in order. */
export interface Kernel {
  /** Names the kernel and its variant, uniquely: pipelines are cached by it. */
  readonly name: string;
  readonly tensors: readonly TensorBinding[];
  /** The text. A function, because a cached pipeline does not need it again. */
  readonly code: () => string;
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
  name: string,
  variant: object & { readonly noise?: NoiseVariant; readonly group?: ThreadGroup },
  tensors: readonly TensorBinding[],
  parts: () => { directives?: string; functions: readonly string[] },
): Kernel {
  const { noise = "none" } = variant;
  const bound = tensors.map(({ name, format = "word", pieces, pieceWords }) =>
    pieces === 1 ? `${name}:${format}` : `${name}:${format}×${pieces}@${pieceWords}`,
  );
  return {
    name: `${name} ${JSON.stringify(variant)} ${bound.join(" ")}`,
    tensors,
    code: () => {
      const { directives = "", functions } = parts();
      let binding = 1;
      const bindings = tensors.map((tensor) => {
        const text = tensorWgsl(tensor, binding);
        binding += tensor.pieces;
        return text;
      });
      return [
        directives,
        paramsStructWgsl,
        paramsWgsl,
        tensors.some(({ format }) => format === "float16") ? bitsOfFloat16Wgsl : "",
        ...bindings,
        isMaskedWgsl,
        isDegenerateWgsl,
        sortableBitsWgsl,
        bitsOfSortableWgsl,
        blockWgsl,
        noise === "none" ? "" : noiseWgsl(noise) + noiseOf2Wgsl(noise),
        ...functions,
      ].join("");
    },
  };
}
