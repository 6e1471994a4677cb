// Reads the options of a function that is no operation. Checks no value.
import { describe } from "./describe.ts";
import { plainOptions } from "./plain-options.ts";
import { unknownOption } from "./suggest-option.ts";

/** Options of which none is `null`. */
type Given<O> = { [Name in keyof O]?: NonNullable<O[Name]> };

/**
 * The options that are given, as `plainOptions` gives them, but that those of `null` or `undefined` are left out.
 *
 * @param of whose options they are, as errors name it
 * @param names of the options that exist
 * @param refuse makes the error for another one
 * @throws TypeError for what is no object of options, and for an option that does not exist
 */
export function readOptions<O extends object>(
  of: string,
  given: O,
  names: readonly string[],
  refuse: (of: string, name: string, allowed: readonly string[]) => Error = unknownOption,
): Given<O> {
  if (typeof given !== "object" || given === null || Array.isArray(given) || ArrayBuffer.isView(given)) {
    const some = names.slice(0, 2).join(", ");
    throw new TypeError(`${of} takes options such as { ${some} }, got ${describe(given)}`);
  }
  const options = plainOptions(given, names, (name) => refuse(of, name, names));
  for (const name in options) if (options[name] == null) delete options[name];
  return options as Given<O>;
}
