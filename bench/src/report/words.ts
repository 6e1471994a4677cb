// Words and tables that the parts of the report share.
import { markdownTable } from "markdown-table";
import type { ContestantEntry, Operation, Results, Table } from "../results.ts";

export const TITLES: Readonly<Record<Operation, string>> = {
  categorical: "Categorical sample",
  topK: "Categorical sample of the 50 largest logits (topK)",
  minP: "Categorical sample of those with 0.05 of the largest probability (minP)",
  topP: "Categorical sample of the smallest set that holds 0.9 (topP)",
  filters: "Categorical sample with topK 50, topP 0.9 and minP 0.05",
  gumbelSoftmax: "Gumbel-softmax sample",
  gumbelSoftmaxVjp: "Gradient through a Gumbel-softmax sample",
  gumbel: "Gumbel noise",
  bits: "Floor: random bits or uniforms alone",
  softmax: "Floor: softmax alone",
  read: "Floor: reading the logits alone",
};

export function shapeName(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** The head of a table's column. */
export function columnName({ shape, logits }: Pick<Table, "shape" | "logits">): string {
  return logits === undefined ? shapeName(shape) : `${shapeName(shape)} ${logits}`;
}

/** A contestant by its id: figures are of contestants that are listed. */
export function contestantOf(results: Results, id: string): ContestantEntry {
  return results.contestants.find((each) => each.id === id)!;
}

/** What is wrong with a contestant's implementation of an operation; empty when nothing is. */
export function faultsOf({ operations }: ContestantEntry, operation: Operation): string[] {
  const faults = operations.find((each) => each.operation === operation)?.faults ?? [];
  return faults.map(({ law, found }) => `not so: ${law} (${found})`);
}

export function figure(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) < 1e-3) return value.toExponential(1);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 20));
}

/** A Markdown table without padding, since names are long; the first columns are text, the others figures. */
export function compactTable(rows: readonly (readonly string[])[], textColumns = 1): string {
  const align = rows[0].map((_, column) => (column < textColumns ? "l" : "r"));
  return markdownTable(rows, { align, alignDelimiters: false });
}

export function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").trim();
}
