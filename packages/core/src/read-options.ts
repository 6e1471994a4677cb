// Reads an object of options once: what follows sees plain values, whatever the object is. Checks no value.

/** Options of which none is `null`. */
type Given<O> = { [Name in keyof O]?: NonNullable<O[Name]> };

/**
 * The options that are given, as a plain object. They may be inherited, or come from getters, such as one that draws a key: each
 * is read once. One that is `null` or `undefined` is left out.
 *
 * @param names of the options that exist
 * @param refuse makes the error for another one
 */
export function readOptions<O extends object>(
  given: O,
  names: Readonly<Record<string, unknown>>,
  refuse: (name: string) => Error,
): Given<O> {
  const options: Record<string, unknown> = {};
  for (const name in given) {
    const value: unknown = given[name];
    if (value == null) continue;
    if (!Object.hasOwn(names, name)) throw refuse(name);
    options[name] = value;
  }
  const prototype: unknown = Object.getPrototypeOf(given);
  if (prototype === Object.prototype || prototype === null) return options as Given<O>;
  // The loop does not list the getters of a class.
  for (const name in names) {
    if (Object.hasOwn(options, name)) continue;
    const value = (given as Record<string, unknown>)[name];
    if (value != null) options[name] = value;
  }
  return options as Given<O>;
}
