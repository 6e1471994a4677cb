#!/usr/bin/env node
// The command gumbel-conformance. Exit code 0: the backend conforms; 1: it does not; 2: there was nothing to run.
import { styleText } from "node:util";
import { explainError } from "./explain-error.ts";
import type { Sink } from "./run-command.ts";

/** A stream of the process; in colours on a terminal unless NO_COLOR is set, and wherever FORCE_COLOR is. */
function sinkOf(stream: NodeJS.WriteStream): Sink {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const coloured = FORCE_COLOR === undefined ? stream.isTTY && !NO_COLOR : FORCE_COLOR !== "0";
  const write = (text: string) => void stream.write(text);
  return coloured ? { write, paint: (style, text) => styleText(style, text) } : { write };
}

/** Ends the process once everything is written: a backend may hold workers or a device that would keep it alive. */
function end(code: number): void {
  process.stderr.write("", () => process.stdout.write("", () => process.exit(code)));
}

/** Ends the process by an error that nobody catches: only then Node shows the line of a syntax error, which its stack lacks. */
function endByUncaught(error: SyntaxError): void {
  process.once("exit", () => {
    process.exitCode = 2;
  });
  process.stderr.write("gumbel-conformance: the target cannot be loaded\n", () => {
    throw error;
  });
}

// The suite is loaded here, not above: without its peer fast-check there is an error to explain.
import("./run-command.ts")
  .then(({ runCommand }) => runCommand(process.argv.slice(2), sinkOf(process.stdout), sinkOf(process.stderr)))
  .then(end, (error: unknown) => {
    if (error instanceof SyntaxError) return endByUncaught(error);
    process.stderr.write(`gumbel-conformance: ${explainError(error)}\n`);
    end(2);
  });
