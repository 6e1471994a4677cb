// What the command gumbel-conformance does, over any two streams. Knows nothing of the process it runs in.
import { writeFileSync } from "node:fs";
import {
  CASES,
  type ConformanceReport,
  formatJUnit,
  formatPretty,
  formatResult,
  formatSummary,
  type Paint,
  runConformance,
} from "../conformance/index.ts";
import { type Arguments, HELP, parseArguments } from "./arguments.ts";
import { loadTarget } from "./load-target.ts";

/** Where text goes. */
export interface Sink {
  write(text: string): void;
  /** Colours, where they are shown. */
  readonly paint?: Paint;
}

/**
 * Runs the command. Returns its exit code: 0 conforms, 1 does not. Throws a `UsageError` on a wrong command, and
 * whatever the module or the creation of its backend throws.
 */
export async function runCommand(words: readonly string[], out: Sink, err: Sink): Promise<number> {
  const options = parseArguments(words);
  if (options.help || options.list) {
    out.write(options.help ? HELP : listOfCases(options));
    return 0;
  }
  const target = await loadTarget(options.module, options.exportName);
  // A report for programs has standard output to itself; one for people is its own progress.
  const { write, paint } = options.format === "pretty" || options.output !== undefined ? out : err;
  const command = `npx -p @gumbel/core gumbel-conformance ${options.command}`;
  const pretty = paint === undefined ? { command } : { command, paint };
  const report = await runConformance(target, {
    quick: options.quick,
    filter: options.filter,
    seed: options.seed,
    path: options.path,
    timeout: options.timeout,
    onResult: (result, done, total) =>
      write(`${String(done).padStart(String(total).length)}/${total} ${formatResult(result, pretty)}\n`),
  });
  write(`\n${formatSummary(report, pretty)}\n`);
  if (options.output !== undefined) writeFileSync(options.output, format(report, options, command));
  else if (options.format !== "pretty") out.write(format(report, options, command));
  return report.conforms ? 0 : 1;
}

function format(report: ConformanceReport, options: Arguments, command: string): string {
  switch (options.format) {
    case "json":
      return `${JSON.stringify(report, undefined, 2)}\n`;
    case "junit":
      return formatJUnit(report);
    case "pretty":
      return formatPretty(report, { command });
  }
}

function listOfCases({ filter }: Arguments): string {
  return CASES.filter(filter)
    .map(({ id, kind, clauses, title }) => `${id}  [${kind}; ${clauses.join(", ")}]  ${title}\n`)
    .join("");
}
