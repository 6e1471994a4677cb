// Reads an object of options once: what follows sees plain values, whatever the object is. Checks no value.

/**
 * The options that are given, as a plain object. They may be inherited, or come from getters, such as one that draws a key: each
 * is read once. One that does not exist is left out where it is `null` or `undefined`.
 *
 * @param names of the options that exist
 * @param refuse makes the error for another one
 */
export function plainOptions<O extends object>(
  given: O,
  names: readonly string[],
  refuse: (name: string) => Error,
): Partial<O> {
  const options: Record<string, unknown> = {};
  for (const name in given) {
    const value: unknown = given[name];
    if (names.includes(name)) options[name] = value;
    else if (value != null) throw refuse(name);
  }
  const prototype: unknown = Object.getPrototypeOf(given);
  if (prototype === Object.prototype || prototype === null) return options as Partial<O>;
  // The loop does not list the getters of a class.
  for (const name of names) {
    if (!Object.hasOwn(options, name)) options[name] = (given as Record<string, unknown>)[name];
  }
  return options as Partial<O>;
}
