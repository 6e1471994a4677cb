// The command: builds a language model, samples from it and writes a report. Exit code 2 on a wrong command line.
import { HELP, parseOptions, UsageError } from "./options.ts";
import { run } from "./run.ts";

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await run(options, (line) => console.log(line));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`next-token: ${error.message}`);
  process.exitCode = 2;
}
