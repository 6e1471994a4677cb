#!/usr/bin/env node
// The command gumbel-onnx. Exit code 0: done; 1: the model stands in the way; 2: the command is wrong.
import { ModelError } from "../graph/model-error.ts";
import { UsageError } from "./arguments.ts";
import { runCommand } from "./run-command.ts";

try {
  runCommand(process.argv.slice(2), process.stdout);
} catch (error) {
  const isKnown = error instanceof UsageError || error instanceof ModelError;
  const message = isKnown ? error.message : error instanceof Error ? error.stack : error;
  process.stderr.write(`gumbel-onnx: ${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
