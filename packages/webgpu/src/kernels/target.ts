// What a kernel's text is written for. Both texts compute the same bits.

/** A GPU, or a CPU that stands in for one. */
export type Target = "hardware" | "software";
