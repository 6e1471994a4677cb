// How a call's tensors are bound: at which aligned offset, in how many pieces. Pure arithmetic.
import type { ElementFormat, TensorBinding } from "../kernels/tensors.ts";
import type { GpuFacts } from "./gpu-facts.ts";

/** A tensor of a call: where it lies in its buffer. */
export interface TensorPlace {
  /** Bytes from the start of the buffer to the first element. */
  readonly offset: number;
  readonly elements: number;
  readonly format: ElementFormat;
}

/** A place as bindings: `pieces` windows from `start` on, the first element `base` elements into them. */
export interface BoundPlace {
  readonly start: number;
  readonly bytes: number;
  readonly base: number;
  readonly pieces: number;
  readonly pieceBytes: number;
}

/** Bytes of an element. */
export function bytesPerElement(format: ElementFormat): number {
  return format === "half" ? 2 : 4;
}

/** Cuts a place into bindings. Offsets of bindings must be aligned; what is left over becomes the base. */
export function boundPlace({ offset, elements, format }: TensorPlace, facts: GpuFacts): BoundPlace {
  const { offsetAlignment, maxBindingBytes } = facts;
  const size = bytesPerElement(format);
  const start = offset - (offset % offsetAlignment);
  // A binding is a whole number of words, and never empty.
  const bytes = Math.max(4, 4 * Math.ceil((offset - start + elements * size) / 4));
  const pieceBytes = maxBindingBytes - (maxBindingBytes % offsetAlignment);
  const pieces = bytes <= maxBindingBytes ? 1 : Math.ceil(bytes / pieceBytes);
  return { start, bytes, base: (offset - start) / size, pieces, pieceBytes };
}

/** The binding of a tensor in a kernel. */
export function tensorBinding(
  name: string,
  access: TensorBinding["access"],
  place: TensorPlace,
  facts: GpuFacts,
): TensorBinding {
  const { pieces, pieceBytes } = boundPlace(place, facts);
  return { name, access, format: place.format, pieces, pieceWords: pieceBytes / 4 };
}
