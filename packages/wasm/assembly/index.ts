// What the host calls. Addresses are in bytes, lengths in elements, and rows lie one behind the other.
export { argmaxRows } from "./argmax";
export { categoricalRows } from "./categorical";
export { conditionRows } from "./condition";
export { filteredCategorical, filteredPartial, filteredSoftmax } from "./filtered-rows";
export { setFilters } from "./filters";
export { gumbel, perturb } from "./gumbel";
export { gumbelSoftmaxChunk, gumbelSoftmaxRows } from "./gumbel-softmax";
export { maskRow } from "./mask-row";
export { CHUNK, FIRST, RESULT, ROOM, SECOND } from "./memory-layout";
export { chunkFactors, partialSoftmaxRows, softmaxChunk } from "./partial-softmax";
export { shiftRows } from "./shift-rows";
export { softmaxRows } from "./softmax";
export { dotChunk, softmaxVjpChunk, softmaxVjpRows } from "./softmax-vjp";
export { bits } from "./threefry";
