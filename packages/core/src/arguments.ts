// Checks of single arguments. An error names the argument, what came and what is allowed. Computes nothing.
import { must } from "./describe.ts";
import { sizeOf } from "./layout.ts";

/** Smallest temperature. Beyond it and its inverse float32 needs scaling tricks that no sample profits from. */
export const MIN_TEMPERATURE: number = 2 ** -40;

/** Largest temperature. */
export const MAX_TEMPERATURE: number = 2 ** 40;

/**
 * Refuses what is no shape.
 * @throws TypeError when it is not an array, RangeError when a dimension is no integer ≥ 0 or the product reaches 2⁵³
 */
export function assertShape(shape: unknown, argument: string): asserts shape is readonly number[] {
  if (!Array.isArray(shape)) throw new TypeError(must(argument, "be an array of integers", shape));
  // Not every(), which passes over the holes of a list.
  for (let d = 0; d < shape.length; d++) {
    if (!(Number.isInteger(shape[d]) && shape[d] >= 0)) {
      throw new RangeError(must(argument, "hold non-negative integers", shape));
    }
  }
  if (!Number.isSafeInteger(sizeOf(shape))) {
    throw new RangeError(must(argument, "have fewer than 2^53 elements", shape));
  }
}

/** @throws TypeError when it is no number, RangeError when it is no integer in [minimum, maximum] */
export function assertInteger(value: unknown, argument: string, minimum: number, maximum: number): void {
  const isNumber = typeof value === "number";
  if (isNumber && Number.isInteger(value) && value >= minimum && value <= maximum) return;
  const message = must(argument, `be an integer in [${minimum}, ${maximum}]`, value);
  throw isNumber ? new RangeError(message) : new TypeError(message);
}

/** @throws TypeError when it is no string, RangeError when it is another one */
export function assertOneOf(value: unknown, argument: string, allowed: readonly string[]): void {
  if (typeof value === "string" && allowed.includes(value)) return;
  const words = allowed.map((each) => JSON.stringify(each));
  const message = must(argument, `be ${words.slice(0, -1).join(", ")} or ${words.at(-1)}`, value);
  throw typeof value === "string" ? new RangeError(message) : new TypeError(message);
}

/** @throws TypeError */
export function assertBoolean(value: unknown, argument: string): void {
  if (typeof value !== "boolean") throw new TypeError(must(argument, "be a boolean", value));
}

/**
 * Refuses what is no temperature.
 * @param allowsZero whether 0, the mode, is a temperature too
 * @throws TypeError when it is no number, RangeError when it is out of range
 */
export function assertTemperature(
  value: unknown,
  allowsZero = false,
  argument = "temperature",
): asserts value is number {
  if (typeof value === "number") {
    if (value >= MIN_TEMPERATURE && value <= MAX_TEMPERATURE) return;
    if (allowsZero && value === 0) return;
  }
  const range = `a number in [2^-40, 2^40]${allowsZero ? ", or 0 for the mode" : ""}`;
  const message = must(argument, `be ${range}`, value);
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}

/**
 * Checks category indices that are on the CPU.
 * @throws RangeError for one that is no integer in [−1, categories)
 */
export function assertIndices(
  indices: ArrayLike<number>,
  { layout: { categories } }: { readonly layout: { readonly categories: number } },
): void {
  for (let i = 0; i < indices.length; i++) assertInteger(indices[i], "indices", -1, categories - 1);
}
