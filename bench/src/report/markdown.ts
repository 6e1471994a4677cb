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
    "A cell is the median of nanoseconds of elapsed time per element of the logits. Compare within one environment. Behind each table stand its ratios, spreads and processor times; the machine is [below](#the-run).",
    ...environments.flatMap((environment) => environmentMarkdown(results, environment)),
    ...qualityMarkdown(results),
    ...contestantsMarkdown(results),
    "## The run",
    compactTable([["what", "value"], ...about.map((row) => row.map(cell))], 2),
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

/** What stands behind the medians of an operation, a table each. */
const DETAILS: readonly { title: string; shown: (entry: Figure) => string }[] = [
  {
    title:
      "Ratios: how many times as long as the first contestant in the same rounds; none where a call was timed once",
    shown: ({ ratio }) => (ratio === undefined ? "" : figure(ratio)),
  },
  {
    title: "Spreads: half the distance of the quartiles, in percent of the median",
    shown: ({ wall }) => (wall === undefined ? "" : ((50 * (wall[2] - wall[0])) / wall[1]).toFixed(0)),
  },
  {
    title: "Processor time: median of nanoseconds per element, over all threads",
    shown: ({ processor }) => (processor === undefined ? "" : figure(processor)),
  },
];

/** The times of an operation, and what is wrong or failed, in words. */
function timesMarkdown(results: Results, tables: readonly Table[]): string[] {
  const first = tables.find(({ baseline }) => baseline !== "")?.baseline;
  const ids = [...new Set(tables.flatMap(({ figures }) => figures.map(({ contestant }) => contestant)))];
  ids.sort((a, b) => Number(b === first) - Number(a === first));
  const notes: string[] = [];
  const names = ids.map((id) => {
    const contestant = contestantOf(results, id);
    const name = cell(contestant.name);
    const faults = faultsOf(contestant, tables[0].operation);
    notes.push(...faults.map((fault) => `- ${name}: ${cell(fault)}`));
    for (const table of tables) {
      const why = of(table, id)?.failed ?? of(table, id)?.wrong;
      if (why !== undefined) notes.push(`- ${name} at ${columnName(table)}: ${cell(why)}`);
    }
    const isWrong = faults.length > 0 || tables.some((table) => of(table, id)?.wrong !== undefined);
    return isWrong ? `${name} **wrong**` : name;
  });
  const tableOf = (corner: string, shown: (entry: Figure) => string) => {
    const rows = ids.map((id, i) => {
      const cells = tables.map((table) => {
        const entry = of(table, id);
        return entry === undefined ? "" : shown(entry);
      });
      return [names[i], ...cells];
    });
    return compactTable([[corner, ...tables.map(columnName)], ...rows]);
  };
  const median = ({ wall }: Figure) => (wall === undefined ? "failed" : figure(wall[1]));
  const details = DETAILS.flatMap(({ title, shown }) => [`${title}.`, tableOf("contestant", shown)]);
  return [
    tableOf("ns/element", median),
    ...(notes.length === 0 ? [] : [notes.join("\n")]),
    "<details>\n<summary>Ratios, spreads and processor times</summary>",
    ...details,
    "</details>",
  ];
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
    compactTable([["contestant", "package", "version", "timed calls"], ...rows], 4),
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
