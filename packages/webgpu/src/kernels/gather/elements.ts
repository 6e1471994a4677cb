// What a gather ranks elements by, in WGSL.

/** Keys of a row's elements: integers, larger ones first; 0 of an element that does not count. */
export interface Elements {
  /** Everything that the text depends on beside the thread group. */
  readonly variant: object & { readonly noise?: "full" | "jax" };
  /**
   * The text of `fn begin_row(row: u32) -> u32`, which is called first and gives where the row's logits start, and of
   * `fn keys_at(start: u32, j: vec4<u32>) -> vec4<u32>`.
   */
  readonly wgsl: () => string;
}
