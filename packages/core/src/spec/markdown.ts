// The spec as a Markdown page: the package's SPEC.md is exactly this text.
import { CHAPTERS } from "./clauses.ts";

const PREAMBLE = `# The sampling spec

One key, one sample: the same key gives the same random bits on every backend, those of \`jax.random\`, and the same
sample away from provable near-ties. Each clause has at least one case in the conformance suite
(\`@gumbel/core/conformance\`), and a report names the clause that a backend breaks.

Notation: \`g\` is standard Gumbel noise, \`z = logits + g\` the perturbed logits, \`y\` a soft sample, \`σ\` the logistic
function. "The reference" is the float64 implementation in \`@gumbel/core\`.
`;

/** Renders the whole spec. */
export function specMarkdown(): string {
  const chapters = CHAPTERS.map(
    ({ title, clauses }) =>
      `## ${title}\n\n${clauses.map(({ id, text }) => `- **${id}** ${text}`).join("\n")}\n`,
  );
  return [PREAMBLE, ...chapters].join("\n");
}
