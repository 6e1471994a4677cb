// The codes of every backend, one below the other, as an HTML table.
import type { BackendCodes, Claim } from "../claim.ts";

/** A row a backend: its codes of the first images, and how many of all codes differ from the reference's. */
export function claimTable({ backends }: Claim): string {
  const images = backends[0].shown.map((_, i) => `<th>digit ${i + 1}</th>`).join("");
  const rows = backends.map((codes, i) => {
    const shown = codes.shown.map((code) => `<td><code>${code}</code></td>`).join("");
    return `<tr><th>${codes.backend}</th>${shown}<td>${i === 0 ? "" : difference(codes)}</td></tr>`;
  });
  return `<div class="wide"><table>
<thead><tr><th></th>${images}<th>differ</th></tr></thead>
<tbody>${rows.join("\n")}</tbody>
</table></div>`;
}

function difference({ different, unexplained }: BackendCodes): string {
  const ties = different - unexplained;
  return ties === 0 ? `${unexplained}` : `${unexplained}, beside ${ties} near-ties`;
}
