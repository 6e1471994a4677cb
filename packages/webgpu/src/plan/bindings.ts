// How a call's tensors are bound: at which aligned offset, in how many pieces. Pure arithmetic.
import type { ElementFormat, TensorBinding } from "../shader/tensors.ts";
import type { GpuFacts } from "./gpu-facts.ts";

/** Where a tensor is stored in its buffer. */
export interface MemoryLayout {
  /** Bytes from the start of the buffer to the first element. */
  readonly offset: number;
  readonly elements: number;
  readonly format: ElementFormat;
}

/** A part of a tensor's buffer that one binding of a step covers. */
export interface BufferWindow {
  /** Tensor of the call, or scratch. */
  readonly tensor: string;
  readonly offset: number;
  readonly size: number;
}

/** A tensor as bindings of a kernel. */
export interface BoundTensor {
  readonly binding: TensorBinding;
  readonly windows: readonly BufferWindow[];
  /** Elements before the first one in the first window: offsets of bindings must be aligned. */
  readonly base: number;
}

/** Bytes of an element. */
export function bytesPerElement(format: ElementFormat): number {
  return format === "float16" ? 2 : 4;
}

/**
 * Binds a tensor, in several pieces where it is larger than a binding may be.
 *
 * @param name of the binding
 * @param tensor of the call, or scratch
 */
export function bindTensor(
  { name, access }: Pick<TensorBinding, "name" | "access">,
  tensor: string,
  { offset, elements, format }: MemoryLayout,
  { offsetAlignment, maxBindingBytes }: GpuFacts,
): BoundTensor {
  const elementBytes = bytesPerElement(format);
  const start = offset - (offset % offsetAlignment);
  // A binding is a whole number of words, and never empty.
  const bytes = Math.max(4, 4 * Math.ceil((offset - start + elements * elementBytes) / 4));
  const pieceBytes = maxBindingBytes - (maxBindingBytes % offsetAlignment);
  const pieces = bytes <= maxBindingBytes ? 1 : Math.ceil(bytes / pieceBytes);
  const windows = Array.from({ length: pieces }, (_, piece) => ({
    tensor,
    offset: start + piece * pieceBytes,
    size: pieces === 1 ? bytes : Math.min(pieceBytes, bytes - piece * pieceBytes),
  }));
  return {
    binding: { name, access, format, pieces, pieceWords: pieceBytes / 4 },
    windows,
    base: (offset - start) / elementBytes,
  };
}
