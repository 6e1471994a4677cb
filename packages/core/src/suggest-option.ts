// What a caller probably meant by an option that an operation does not have.

/** Options of PyTorch, JAX, TensorFlow and NumPy, lower case without underscores, by what they are called here. */
const ALIASES: Readonly<Record<string, string>> = {
  tau: "temperature",
  dim: "axis",
  n: "sampleShape",
  size: "sampleShape",
  shape: "sampleShape",
  numsamples: "sampleShape",
  seed: "key",
  rng: "key",
  bitmask: "mask",
};

/**
 * An error for an option that does not exist. Suggests its alias here, or the option that begins alike.
 *
 * @param allowed names of the options that exist
 */
export function unknownOption(operation: string, name: string, allowed: readonly string[]): TypeError {
  const plain = name.toLowerCase().replaceAll("_", "");
  const meant =
    allowed.find((option) => option === ALIASES[plain] || option.toLowerCase() === plain) ??
    allowed.find((option) => option.slice(0, 2) === plain.slice(0, 2));
  const hint =
    plain === "shape"
      ? `a tensor's shape stands beside its values, { data, shape }${meant === undefined ? "" : `; that of independent samples is ${meant}`}`
      : meant !== undefined
        ? `did you mean ${meant}?`
        : /^(replace|top_?k$|k$)/i.test(name)
          ? "see gumbelTopK(logits, k), without replacement"
          : `it takes ${allowed.join(", ")}`;
  return new TypeError(`${operation} has no option ${name}: ${hint}`);
}
