// Options of an adapter, taken apart: its own, and those that it passes on.

/** The options but some, null ones left out. */
export function withoutOptions(options: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => value != null && !names.includes(name)),
  );
}
