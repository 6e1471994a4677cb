// What the host calls. Places are in bytes, lengths in elements.
export { best, bestOfRows } from "./best";
export { dot, gradient } from "./gradient";
export { FIRST, RESULT, ROOM, SECOND } from "./layout";
export { gumbel, perturb } from "./noise";
export { multiply, race, softmaxOfRows, weigh } from "./softmax";
export { bits } from "./threefry";
