// What the host calls. Places are in bytes, lengths in elements.
export { bestOfRows, searchRows } from "./best";
export { dot, gradient, gradientOfRows } from "./gradient";
export { FIRST, PART, RESULT, ROOM, SECOND } from "./layout";
export { gumbel, perturb } from "./noise";
export { factorsOf, race, raceRows, softmaxOfRows, weigh } from "./softmax";
export { bits } from "./threefry";
