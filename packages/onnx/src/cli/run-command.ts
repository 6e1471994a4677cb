// What the command gumbel-onnx does, over any two streams. Knows nothing of the process it runs in.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { appendSampler } from "../append/append-sampler.ts";
import { inspectModel, type ModelReport } from "../append/inspect-model.ts";
import { describeType, typeOfValue } from "../append/model-values.ts";
import type { AppendSamplerOptions } from "../append/options.ts";
import { exportCategorical } from "../export/export-categorical.ts";
import { exportGumbelSoftmax, exportGumbelSoftmaxGradient } from "../export/export-gumbel-softmax.ts";
import { exportTopK } from "../export/export-top-k.ts";
import { readModel } from "../graph/model-bytes.ts";
import { type ExportedOperation, HELP, parseArguments, UsageError } from "./arguments.ts";

/** Where text goes. */
export interface Sink {
  write(text: string): void;
}

const EXPORTS: Readonly<Record<ExportedOperation, (options: object) => Uint8Array>> = {
  "gumbel-softmax": exportGumbelSoftmax,
  "gumbel-softmax-gradient": exportGumbelSoftmaxGradient,
  categorical: exportCategorical,
  "top-k": exportTopK,
};

/**
 * Runs the command. Throws a `UsageError` on a wrong command, and a `ModelError` where a model cannot be read or be given
 * a sampler.
 */
export function runCommand(words: readonly string[], out: Sink): void {
  const command = parseArguments(words);
  if (command.command === "help") {
    out.write(HELP);
  } else if (command.command === "inspect") {
    const report = inspectModel(readFile(command.model));
    out.write(command.json ? `${JSON.stringify(report, undefined, 2)}\n` : format(report, command.model));
  } else if (command.command === "export") {
    write(
      withOptions(() => EXPORTS[command.operation](command.options)),
      command,
      out,
    );
  } else {
    const bytes = readFile(command.model);
    write(
      withOptions(() => appendSampler(bytes, command.options as AppendSamplerOptions)),
      command,
      out,
    );
  }
}

/** A wrong option is a mistake of the user's. */
function withOptions(make: () => Uint8Array): Uint8Array {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function write(model: Uint8Array, { output, force }: { output: string; force: boolean }, out: Sink): void {
  if (!force && existsSync(output)) {
    throw new UsageError(`${output} exists: --force overwrites it`);
  }
  try {
    writeFileSync(output, model, { flag: force ? "w" : "wx" });
  } catch (error) {
    throw new UsageError(`${output} cannot be written: ${(error as Error).message}`);
  }
  const { graph } = readModel(model);
  const initializers = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.map(({ name }) => name).filter((name) => !initializers.has(name));
  const list = (title: string, names: readonly string[]) =>
    names.map((name) => `${title.padEnd(8)}${typed(graph, name)}\n`).join("");
  out.write(`${output}: ${model.length} bytes, ${graph.node.length} nodes\n`);
  out.write(
    list("input", inputs) +
      list(
        "output",
        graph.output.map(({ name }) => name),
      ),
  );
}

function typed(graph: ReturnType<typeof readModel>["graph"], name: string): string {
  const known = typeOfValue(graph, name);
  return known === undefined ? name : `${name}  ${describeType(known)}`;
}

function format(report: ModelReport, path: string): string {
  const { opset, rewrites, logits } = report;
  const values = (title: string, list: ModelReport["inputs"]) =>
    list.map(({ name, type }) => `${title.padEnd(8)}${name}  ${type}\n`).join("");
  const raised = opset >= 18 ? "" : `, which append raises to 18 (${rewrites} nodes rewritten)`;
  const candidates = logits.map(({ name, type, reason, obstacle }) => {
    const verdict =
      obstacle === undefined
        ? `gumbel-onnx append ${path} --logits ${JSON.stringify(name)} -o ${basename(path, ".onnx")}-sampled.onnx`
        : `cannot be sampled from: ${obstacle}`;
    return `  ${name}  ${type}  (${reason})\n    ${verdict}\n`;
  });
  return [
    `${path}: made by ${report.producer || "an unknown program"}, IR ${report.irVersion}, opset ${opset}${raised}\n`,
    values("input", report.inputs),
    values("output", report.outputs),
    candidates.length === 0
      ? "nothing looks like logits\n"
      : `what looks like logits:\n${candidates.join("")}`,
  ].join("");
}
