// The codes of every backend, one below the other, as an HTML table.
import { type BackendCodes, type Claim, describeDifference } from "../claim.ts";

/**
 * A row a backend: how many of all codes differ from the reference's, and its codes of the first images. Categories that
 * are not the reference's are marked.
 *
 * @param digits the first images, as elements
 */
export function claimTable({ backends, codes }: Claim, digits: readonly string[]): string {
  const [reference] = backends;
  const heads = reference.shown.map((_, i) => `<th>${digits[i]}</th>`).join("");
  const rows = backends.map((one) => {
    const shown = one.shown.map((code, i) => `<td><code>${marked(code, reference.shown[i])}</code></td>`);
    const count = one === reference ? "" : countOf(one, codes);
    return `<tr><th>${one.name}</th><td>${count}</td>${shown.join("")}</tr>`;
  });
  return `<div class="scroll"><table>
<thead><tr><th></th><th>differ</th>${heads}</tr></thead>
<tbody>${rows.join("\n")}</tbody>
</table></div>`;
}

function countOf(one: BackendCodes, codes: number): string {
  return `<b class="${one.unexplained === 0 ? "same" : "other"}">${describeDifference(one)}</b> of ${codes.toLocaleString("en")}`;
}

function marked(code: string, reference: string): string {
  return Array.from(code, (digit, i) => (digit === reference[i] ? digit : `<mark>${digit}</mark>`)).join("");
}
