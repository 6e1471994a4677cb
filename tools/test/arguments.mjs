// What the command line of `pnpm test` asks for. Runs nothing.
import { parseArgs } from "node:util";

export const USAGE = `Usage: pnpm test [package …] [--full]

Checks the repository: lint, types, build, packages, and the tests of every package. The last line counts the tests.

  package   checks this one alone: core, webgpu, … or its full name, as @gumbel/core
  --full    everything: the conformance suite in full where it runs quick otherwise, and the slowest tests.
            Without it, the last lines say what it would add.
  --help    prints this
`;

/** A command line that asks for nothing there is. */
export class UsageError extends Error {}

/**
 * @typedef {object} Package
 * @property {string} name as in its manifest
 * @property {string} folder from the root, with forward slashes
 */

/**
 * @param {string[]} words
 * @param {Package[]} packages all there are
 * @returns {{ help: boolean, full: boolean, packages: Package[] }} no package where all are meant
 */
export function readArguments(words, packages) {
  const { values, positionals } = parse(words);
  const chosen = positionals.map((word) => {
    const found = packages.find(
      ({ name, folder }) => word === name || word === folder || folder.endsWith(`/${word}`),
    );
    if (found === undefined) {
      const known = packages.map(({ folder }) => folder.replace(/^.*\//, "")).join(", ");
      throw new UsageError(`package must be one of ${known}, got ${JSON.stringify(word)}`);
    }
    return found;
  });
  return { help: values.help === true, full: values.full === true, packages: [...new Set(chosen)] };
}

/** @param {string[]} words */
function parse(words) {
  try {
    return parseArgs({
      args: words.filter((word) => word !== "--"),
      options: { full: { type: "boolean" }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}
