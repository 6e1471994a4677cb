// The programs in GLSL ES 3.00, one function a program: `float element(int index)` (or int) computes one element of the
// output from its flat index. Rows are `(sample, outer, inner)`; element j of a row stands at `rowStart + j·inner`.
import type { Rotation } from "@gumbel/webgpu/wgsl";
import type { NoiseVariant, ProgramName } from "../gpu/gpu-backend.ts";
import { add64Glsl, multiply64Glsl } from "./glsl/counter.ts";
import { expCoreGlsl } from "./glsl/exp-core.ts";
import { isDegenerateGlsl, isMaskedGlsl } from "./glsl/float-class.ts";
import { noiseGlsl } from "./glsl/noise.ts";
import { threefry2x32Glsl } from "./glsl/threefry-2x32.ts";

const floatClassGlsl = isMaskedGlsl + isDegenerateGlsl;

/**
 * `uvec2 counterAt(int element)`: the counter of an element of the noise. `float noiseOf(uvec2 counter)`: its noise, 0 for the
 * variant without noise. `float noiseAt(int element)`: both.
 */
function noiseAtGlsl(variant: NoiseVariant, rotation: Rotation): string {
  const noiseOf =
    variant === "none"
      ? "float noiseOf(uvec2 counter) { return 0.0; }"
      : `${threefry2x32Glsl(rotation)}${noiseGlsl(variant)}
float noiseOf(uvec2 counter) {
  return gumbelOf(threefry2x32(uvec2(uint(keyHi), uint(keyLo)), counter));
}`;
  return `${add64Glsl}${multiply64Glsl}
uvec2 counterAt(int element) {
  uvec2 counter = uvec2(uint(offsetHi), uint(offsetLo));
  int column = element;
  // Once, where rows do not follow one another. Software leaves a loop that no lane is in, but runs both sides of an if.
  while (column >= columns) {
    int row = column / columns;
    counter = add64(counter, multiply64(uvec2(uint(strideHi), uint(strideLo)), uint(row)));
    column -= row * columns;
  }
  return add64(counter, uvec2(0u, uint(column)));
}
${noiseOf}
float noiseAt(int element) { return noiseOf(counterAt(element)); }
`;
}

const rowStartGlsl = /* glsl */ `
int rowStart(int row) {
  int front = row / inner;
  return front * classes * inner + (row - front * inner);
}
// Row of an element of the output, and its class.
ivec2 placeOf(int element) {
  int upper = element / inner;
  int front = upper / classes;
  return ivec2(front * inner + (element - upper * inner), upper - front * classes);
}
`;

/** `float perturbedAt(int element)`: masks and degenerate values are kept as they are, and found by their bits. */
const perturbedAtGlsl = /* glsl */ `
float perturbedAt(int element) {
  float x = getLogits(element - (element / block) * block);
  uint bits = floatBitsToUint(x);
  if (isMasked(bits) || isDegenerate(bits)) return x;
  return x + noiseAt(element);
}
`;

/** `float oddsOf(float z, float best)`: `exp((z − best)/temperature)`. */
const oddsOfGlsl = /* glsl */ `
float oddsOf(float z, float best) {
  if (isMasked(floatBitsToUint(z))) return 0.0;
  float halfDistance = z * 0.5 - best * 0.5;
  if (halfDistance < -cutoff) return 0.0;
  return expCore(min(halfDistance * scaleA * scaleB, 0.0));
}
`;

/** Sums by blocks of 16, so that rounding grows with the number of blocks and not of summands. */
function blockSum(summand: string, length: string): string {
  return `float total = 0.0;
  for (int j = chunk; j < ${length};) {
    float part = 0.0;
    for (int n = 0; n < 16 && j < ${length}; n++) {
      part += ${summand};
      j += chunks;
    }
    total += part;
  }`;
}

/** `int betterOf(int start, int a, int b)`: the class that comes first; −1 stands for none, masked ones come last. */
const betterOfGlsl = /* glsl */ `
int betterOf(int start, int a, int b) {
  if (a < 0) return b;
  if (b < 0) return a;
  float za = getPerturbed(start + a * inner);
  float zb = getPerturbed(start + b * inner);
  bool maskedA = isMasked(floatBitsToUint(za));
  bool maskedB = isMasked(floatBitsToUint(zb));
  if (maskedA != maskedB) return maskedA ? b : a;
  if (!maskedA && za > zb) return a;
  if (!maskedA && zb > za) return b;
  return min(a, b);
}
`;

const topPlaceGlsl = /* glsl */ `
// Class at a place of the output, which is [outer, places, inner]; -1 in a degenerate row.
ivec2 topPlace(int index) {
  int upper = index / inner;
  int front = upper / places;
  int row = front * inner + (index - upper * inner);
  if (int(getWinners(row)) < 0) return ivec2(row, -1);
  return ivec2(row, int(getOrder(row * width + (upper - front * places))));
}
`;

/** Source of each program's `element`, with what it needs. */
const SOURCES: Record<Exclude<ProgramName, "bits">, (variant: NoiseVariant, rotation: Rotation) => string> = {
  noise: (variant, rotation) => `${noiseAtGlsl(variant, rotation)}
float element(int index) { return noiseAt(index); }`,

  perturb: (variant, rotation) => `${floatClassGlsl}${noiseAtGlsl(variant, rotation)}${perturbedAtGlsl}
float element(int index) { return perturbedAt(index); }`,

  best: (variant, rotation) => `${floatClassGlsl}${noiseAtGlsl(variant, rotation)}${rowStartGlsl}
int element(int index) {
  int row = index / chunks;
  int start = rowStart(row);
  // A row lies within one sample.
  int first = start - (start / block) * block;
  int best = -1;
  float most = 0.0;
  bool degenerate = false;
  int chunk = index - row * chunks;
  // Counters of a row are evenly spaced.
  uvec2 counter = counterAt(start + chunk * inner);
  uvec2 step = multiply64(uvec2(uint(stepHi), uint(stepLo)), uint(chunks));
  for (int j = chunk; j < classes; j += chunks) {
    float x = getLogits(first + j * inner);
    uint bits = floatBitsToUint(x);
    float z = x + noiseOf(counter);
    counter = add64(counter, step);
    degenerate = degenerate || isDegenerate(bits);
    if (!isMasked(bits) && (best < 0 || z > most)) {
      best = j;
      most = z;
    }
  }
  return degenerate ? (chunks > 1 ? -2 : -1) : best;
}`,

  better: (
    variant,
    rotation,
  ) => `${floatClassGlsl}${noiseAtGlsl(variant, rotation)}${rowStartGlsl}${perturbedAtGlsl}
int element(int index) {
  int row = index / chunks;
  int start = rowStart(row);
  int best = -1;
  float most = 0.0;
  for (int c = index - row * chunks; c < count; c += chunks) {
    int j = int(getWinners(row * count + c));
    if (j == -2) return chunks > 1 ? -2 : -1;
    if (j < 0) continue;
    float z = perturbedAt(start + j * inner);
    if (best < 0 || z > most || (z == most && j < best)) {
      best = j;
      most = z;
    }
  }
  return best;
}`,

  oneHot: () => `${rowStartGlsl}
float element(int index) {
  ivec2 place = placeOf(index);
  int winner = int(getWinners(place.x));
  if (winner < 0) return NAN;
  return winner == place.y ? 1.0 : 0.0;
}`,

  mass: () => `${floatClassGlsl}${expCoreGlsl}${rowStartGlsl}${oddsOfGlsl}
float element(int index) {
  int row = index / chunks;
  int chunk = index - row * chunks;
  int start = rowStart(row);
  int winner = int(getWinners(row));
  if (winner < 0) return 0.0;
  float best = getPerturbed(start + winner * inner);
  ${blockSum("oddsOf(getPerturbed(start + j * inner), best)", "classes")}
  return total;
}`,

  soft: () => `${floatClassGlsl}${expCoreGlsl}${rowStartGlsl}${oddsOfGlsl}
float element(int index) {
  int row = placeOf(index).x;
  int winner = int(getWinners(row));
  if (winner < 0) return NAN;
  float best = getPerturbed(rowStart(row) + winner * inner);
  return min(oddsOf(getPerturbed(index), best) / getMasses(row), 1.0);
}`,

  dot: () => `${floatClassGlsl}${rowStartGlsl}
float product(int at) {
  float y = getProbabilities(at);
  // Where nothing is picked no cotangent counts, however large.
  return isDegenerate(floatBitsToUint(y)) || y == 0.0 ? 0.0 : y * getCotangent(at);
}
float element(int index) {
  int row = index / chunks;
  int chunk = index - row * chunks;
  int start = rowStart(row);
  ${blockSum("product(start + j * inner)", "classes")}
  return total;
}`,

  gradient: () => `${floatClassGlsl}${rowStartGlsl}
float element(int index) {
  float y = getProbabilities(index);
  if (isDegenerate(floatBitsToUint(y))) return NAN;
  if (y == 0.0) return 0.0;
  return y * (getCotangent(index) - getDots(placeOf(index).x)) * rateA * rateB;
}`,

  fold: () => `
float checked(float summand, inout bool degenerate) {
  degenerate = degenerate || (floatBitsToUint(summand) & 0x7fffffffu) > 0x7f800000u;
  return summand;
}
float element(int index) {
  int upper = index / inner;
  int front = upper / chunks;
  int chunk = upper - front * chunks;
  int start = front * count * inner + (index - upper * inner);
  bool degenerate = false;
  ${blockSum("checked(getSummands(start + j * inner), degenerate)", "count")}
  return degenerate ? NAN : total;
}`,

  order: () => `
int element(int index) {
  int place = index - (index / (runs * width)) * runs * width;
  return place < classes ? place : -1;
}`,

  exchange: () => `${floatClassGlsl}${rowStartGlsl}${betterOfGlsl}
int element(int index) {
  int within = index & (2 * span - 1);
  int partner = mirrored == 1 ? index - within + (2 * span - 1 - within) : index ^ span;
  int lower = int(getOrder(min(index, partner)));
  int upper = int(getOrder(max(index, partner)));
  int better = betterOf(rowStart(index / (runs * width)), lower, upper);
  if (index < partner) return better;
  return better == lower ? upper : lower;
}`,

  merge: () => `${floatClassGlsl}${rowStartGlsl}${betterOfGlsl}
int element(int index) {
  int fewer = (runs + 1) / 2;
  int place = index & (width - 1);
  int run = index / width;
  int row = run / fewer;
  int first = 2 * (run - row * fewer);
  int start = (row * runs + first) * width;
  int one = int(getOrder(start + place));
  if (first + 1 == runs) return one;
  return betterOf(rowStart(row), one, int(getOrder(start + 2 * width - 1 - place)));
}`,

  topValues: () => `${rowStartGlsl}${topPlaceGlsl}
float element(int index) {
  ivec2 place = topPlace(index);
  return place.y < 0 ? NAN : getPerturbed(rowStart(place.x) + place.y * inner);
}`,

  topIndices: () => `${floatClassGlsl}${rowStartGlsl}${topPlaceGlsl}
int element(int index) {
  ivec2 place = topPlace(index);
  if (place.y < 0) return -1;
  return isMasked(floatBitsToUint(getPerturbed(rowStart(place.x) + place.y * inner))) ? -1 : place.y;
}`,
};

/** User code of a program for TensorFlow.js: inputs are read by `getX(flat index)`, uniforms by their names. */
export function webglSource(
  program: Exclude<ProgramName, "bits">,
  variant: NoiseVariant,
  rotation: Rotation,
): string {
  return `${SOURCES[program](variant, rotation)}
void main() {
  setOutput(float(element(getOutputCoords())));
}
`;
}
