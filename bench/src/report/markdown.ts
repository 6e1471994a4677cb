// The report of a run in Markdown. Everything in it comes from the results.
import type { ContestantEntry, Environment, Figure, Results, Table } from "../results.ts";
import { OPERATIONS } from "../results.ts";
import { qualityMarkdown } from "./quality-markdown.ts";
import { cell, columnName, compactTable, contestantOf, faultsOf, figure, TITLES } from "./words.ts";

export function markdownOf(results: Results): string {
  const { date, commit, flags, quick, seconds, machine, environments } = results;
  const about = [
    ["date", date],
    ["commit", commit],
    ["flags", flags.join(" ") || "none"],
    ["took", `${seconds} s`],
    ["processor", `${machine.cores} × ${machine.cpu}`],
    ["memory", `${machine.memoryGiB} GiB`],
    ["system", `${machine.os}, ${machine.architecture}`],
    [
      "load, 1, 5 and 15 minutes",
      `${machine.loadBefore.join(", ")} before, ${machine.loadAfter.join(", ")} after`,
    ],
    ...environments.map(({ id, runtime, gpu, absent }) => {
      const more = [gpu === undefined ? [] : `GPU: ${gpu}`, absent === undefined ? [] : `absent: ${absent}`];
      return [id, [runtime, ...more.flat()].join("; ")];
    }),
  ];
  const parts = [
    "# Bench",
    quick ? "**A quick run: figures are rough.**" : [],
    compactTable([["", ""], ...about.map((row) => row.map(cell))], 2),
    "A cell is the median of nanoseconds of elapsed time per element of the logits, ± half the distance of its quartiles, and × how many times as long as the first contestant of the table in the same rounds takes. Below, processor time. Ratios hold within one environment.",
    ...environments.flatMap((environment) => environmentMarkdown(results, environment)),
    ...qualityMarkdown(results),
    ...contestantsMarkdown(results),
  ];
  return `${parts.flat().join("\n\n")}\n`;
}

function environmentMarkdown(results: Results, { id, runtime }: Environment): string[] {
  const tables = results.tables.filter(({ environment }) => environment === id);
  return OPERATIONS.flatMap((operation) => {
    const of = tables.filter((table) => table.operation === operation);
    if (of.length === 0) return [];
    const title = `## ${TITLES[operation]}, ${runtime}`;
    return [title, ...timesMarkdown(results, of)];
  });
}

const of = (table: Table, id: string) => table.figures.find(({ contestant }) => contestant === id);

/** The times of an operation, and what is wrong or failed, in words. */
function timesMarkdown(results: Results, tables: readonly Table[]): string[] {
  const first = tables.find(({ baseline }) => baseline !== "")?.baseline;
  const ids = new Set(tables.flatMap(({ figures }) => figures.map(({ contestant }) => contestant)));
  const notes: string[] = [];
  const rows = [...ids]
    .sort((a, b) => Number(b === first) - Number(a === first))
    .map((id) => {
      const contestant = contestantOf(results, id);
      const name = cell(contestant.name);
      const faults = faultsOf(contestant, tables[0].operation);
      notes.push(...faults.map((fault) => `- ${name}: ${cell(fault)}`));
      for (const table of tables) {
        const why = of(table, id)?.failed ?? of(table, id)?.wrong;
        if (why !== undefined) notes.push(`- ${name} at ${columnName(table)}: ${cell(why)}`);
      }
      const isWrong = faults.length > 0 || tables.some((table) => of(table, id)?.wrong !== undefined);
      return [isWrong ? `${name} **wrong**` : name, ...tables.map((table) => timeCell(of(table, id)))];
    });
  const table = compactTable([["ns/element", ...tables.map(columnName)], ...rows]);
  return notes.length === 0 ? [table] : [table, notes.join("\n")];
}

function timeCell(entry: Figure | undefined): string {
  if (entry === undefined) return "";
  if (entry.wall === undefined) return "failed";
  const { wall, ratio, processor } = entry;
  const [low, median, high] = wall;
  const times = ratio === undefined ? "" : ` ×${figure(ratio)}`;
  const spread = `${figure(median)} ±${((50 * (high - low)) / median).toFixed(0)}%${times}`;
  return processor === undefined ? spread : `${spread}<br>${figure(processor)}`;
}

function contestantsMarkdown({ contestants }: Results): string[] {
  const present = contestants.filter(({ absent }) => absent === undefined);
  const absent = contestants.flatMap(({ name, version, absent: why }) =>
    why === undefined ? [] : [`- ${cell(name)} (${version}): ${cell(why)}`],
  );
  const rows = present.map((contestant) => {
    const { name, environment, library, version } = contestant;
    return [cell(`${name}, ${environment}`), library, version, callsCell(contestant, present)];
  });
  return [
    "## Contestants",
    compactTable([["", "package", "version", "timed calls"], ...rows], 4),
    ...(absent.length === 0 ? [] : ["Could not be run:", absent.join("\n")]),
  ];
}

/** Calls of a contestant; where another one before it has the same, its name. */
function callsCell(contestant: ContestantEntry, all: readonly ContestantEntry[]): string {
  const calls = ({ operations }: ContestantEntry) =>
    operations.map(({ how }) => `\`${cell(how)}\``).join("<br>");
  const first = all.find((each) => calls(each) === calls(contestant))!;
  return first === contestant ? calls(contestant) : cell(`as ${first.name}`);
}
