// How a value that was refused is shown in an error message: short, and with its type visible.

/** Levels of lists in lists that are shown: a list may hold itself. */
const DEPTH = 3;

/** A short rendering of any value for an error message. */
export function describe(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (value === null || typeof value !== "object") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)) {
    if (depth === DEPTH) return "[…]";
    const items = Array.from(value as unknown as ArrayLike<unknown>);
    const shown = items
      .slice(0, 8)
      .map((item) => describe(item, depth + 1))
      .join(", ");
    return `[${shown}${items.length > 8 ? `, … ${items.length} in all` : ""}]`;
  }
  return value.constructor?.name === undefined ? "an object" : `an instance of ${value.constructor.name}`;
}

/** The message of an error about an argument: `temperature must be a number in [2^-40, 2^40], got -1`. */
export function must(argument: string, allowed: string, value: unknown): string {
  return `${argument} must ${allowed}, got ${describe(value)}`;
}
