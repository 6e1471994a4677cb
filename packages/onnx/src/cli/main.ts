#!/usr/bin/env node
// The command gumbel-onnx. Exit codes: 0 done, 1 the model cannot be used, 2 the command is wrong.
import { ModelError } from "../graph/model-error.ts";
import { UsageError } from "./arguments.ts";
import { printable } from "./quoted.ts";
import { runCommand } from "./run-command.ts";

// Who reads the output may stop in the middle: | head.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  runCommand(process.argv.slice(2), process.stdout, process.stderr);
} catch (error) {
  const isKnown = error instanceof UsageError || error instanceof ModelError;
  const message = isKnown ? printable(error.message) : error instanceof Error ? error.stack : error;
  process.stderr.write(`gumbel-onnx: ${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
