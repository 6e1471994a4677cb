// The report of a run in Markdown. Everything in it comes from the results.
import type { ContestantEntry, Environment, Figure, Results, Table } from "../results.ts";
import type { Chart } from "./charts.ts";
import { cell, compactTable } from "./compact-table.ts";
import { qualityMarkdown } from "./quality-markdown.ts";
import { contestantOf, faultsOf, figure, nameOf, shapeName, TITLES } from "./words.ts";

/** Renders results, with images of the charts of each part. */
export function markdownOf(results: Results, charts: readonly Chart[] = []): string {
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
    ...environments.map(({ id, runtime, gpu, absent }) => [
      id,
      [runtime, gpu === undefined ? [] : `GPU: ${gpu}`, absent === undefined ? [] : `absent: ${absent}`]
        .flat()
        .join("; "),
    ]),
  ];
  const parts = [
    "# Bench",
    quick ? "**A quick run: figures are rough.**" : [],
    compactTable([["", ""], ...about.map((row) => row.map(cell))], 2),
    "A cell is the median of nanoseconds of elapsed time per element of the logits, ± half the distance of its quartiles, and × how many times as long as the first contestant of the table in the same rounds takes. Below, processor time. Ratios hold within one environment.",
    ...environments.flatMap((environment) => environmentMarkdown(results, environment, charts)),
    ...qualityMarkdown(results),
    ...contestantsMarkdown(results),
  ];
  return `${parts.flat().join("\n\n")}\n`;
}

function environmentMarkdown(
  results: Results,
  { id, runtime }: Environment,
  charts: readonly Chart[],
): string[] {
  const tables = results.tables.filter(({ environment }) => environment === id);
  const operations = [...new Set(tables.map(({ operation }) => operation))];
  return operations.flatMap((operation) => {
    const of = tables.filter((table) => table.operation === operation);
    const chart = charts.find((each) => each.environment === id && each.operation === operation);
    return [
      `## ${TITLES[operation]}, ${runtime}`,
      ...(chart === undefined ? [] : [`![${TITLES[operation]}, ${runtime}](${chart.file})`]),
      timesMarkdown(results, of),
      ...notesMarkdown(results, of),
    ];
  });
}

function timesMarkdown(results: Results, tables: readonly Table[]): string {
  const ids = [...new Set(tables.flatMap(({ figures }) => figures.map(({ contestant }) => contestant)))];
  const first = tables.find(({ baseline }) => baseline !== "")?.baseline;
  ids.sort((a, b) => Number(b === first) - Number(a === first));
  const rows = ids.map((id) => {
    const isWrong =
      faultsOf(contestantOf(results, id), tables[0].operation).length > 0 ||
      tables.some(({ figures }) =>
        figures.some(({ contestant, wrong }) => contestant === id && wrong !== undefined),
      );
    const name = cell(nameOf(results, id));
    return [
      isWrong ? `${name} **wrong**` : name,
      ...tables.map(({ figures }) => timeCell(figures.find(({ contestant }) => contestant === id))),
    ];
  });
  return compactTable([["ns/element", ...tables.map(({ shape }) => shapeName(shape))], ...rows]);
}

function timeCell(entry: Figure | undefined): string {
  if (entry === undefined) return "";
  if (entry.wall === undefined) return "failed";
  const { wall, ratio, processor } = entry;
  const [low, median, high] = wall;
  const times = ratio === undefined ? "" : ` ×${figure(ratio)}`;
  const percent = ((50 * (high - low)) / median).toFixed(0);
  const spread = `${figure(median)} ±${percent}%${times}`;
  return processor === undefined ? spread : `${spread}<br>${figure(processor)}`;
}

/** What is wrong or failed, in words. */
function notesMarkdown(results: Results, tables: readonly Table[]): string[] {
  const { operation } = tables[0];
  const ids = [...new Set(tables.flatMap(({ figures }) => figures.map(({ contestant }) => contestant)))];
  const lines = ids.flatMap((id) => [
    ...faultsOf(contestantOf(results, id), operation).map(
      (fault) => `- ${cell(nameOf(results, id))}: ${cell(fault)}`,
    ),
    ...tables.flatMap(({ shape, figures }) =>
      figures.flatMap(({ contestant, failed, wrong }) =>
        contestant !== id || (failed ?? wrong) === undefined
          ? []
          : [`- ${cell(nameOf(results, id))} at ${shapeName(shape)}: ${cell((failed ?? wrong)!)}`],
      ),
    ),
  ]);
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function contestantsMarkdown({ contestants }: Results): string[] {
  const present = contestants.filter(({ absent }) => absent === undefined);
  const absent = contestants.filter((each) => each.absent !== undefined);
  return [
    "## Contestants",
    compactTable(
      [
        ["", "package", "version", "timed calls"],
        ...present.map((contestant) => [
          cell(`${contestant.name}, ${contestant.environment}`),
          contestant.library,
          contestant.version,
          callsCell(contestant, present),
        ]),
      ],
      4,
    ),
    ...(absent.length === 0
      ? []
      : [
          "Could not be run:",
          absent
            .map(({ name, version, absent: why }) => `- ${cell(name)} (${version}): ${cell(why!)}`)
            .join("\n"),
        ]),
  ];
}

/** Calls of a contestant; where another one before it has the same, its name. */
function callsCell(contestant: ContestantEntry, all: readonly ContestantEntry[]): string {
  const calls = ({ operations }: ContestantEntry) =>
    operations.map(({ how }) => `\`${cell(how)}\``).join("<br>");
  const first = all.find((each) => calls(each) === calls(contestant))!;
  return first === contestant ? calls(contestant) : cell(`as ${first.name}`);
}
