// Markdown tables without padding: names of contestants are long.
import { markdownTable } from "markdown-table";

/** A table; the first column is text, the others are figures. */
export function compactTable(rows: readonly (readonly string[])[]): string {
  const align = rows[0].map((_, column) => (column === 0 ? "l" : "r"));
  return markdownTable(rows, { align, alignDelimiters: false });
}
