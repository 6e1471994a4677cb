// Markdown tables without padding: names of contestants are long.
import { markdownTable } from "markdown-table";

/** A table; the first columns are text, the others figures. */
export function compactTable(rows: readonly (readonly string[])[], textColumns = 1): string {
  const align = rows[0].map((_, column) => (column < textColumns ? "l" : "r"));
  return markdownTable(rows, { align, alignDelimiters: false });
}

/** Text that cannot break a table. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").trim();
}
