// The command gumbel-onnx, over any two streams. Knows nothing of the process it runs in.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { appendSampler } from "../append/append-sampler.ts";
import { inspectModel, type ModelReport } from "../append/inspect-model.ts";
import { externalFilesOf } from "../append/model-values.ts";
import type { AppendSamplerOptions } from "../append/options.ts";
import { describeType, type ValueTypes, valueTypesOf } from "../append/value-types.ts";
import { exportCategorical } from "../export/export-categorical.ts";
import { exportGumbelSoftmax, exportGumbelSoftmaxVjp } from "../export/export-gumbel-softmax.ts";
import { exportGumbelTopK } from "../export/export-gumbel-top-k.ts";
import { readModel } from "../graph/model-bytes.ts";
import { PRODUCER } from "../version.ts";
import { type ExportedOperation, HELP, parseArguments, UsageError } from "./arguments.ts";
import { printable, quoted } from "./quoted.ts";

/** Where text goes. */
export interface Sink {
  write(text: string | Uint8Array): void;
}

const EXPORTS: Readonly<Record<ExportedOperation, (options: object) => Uint8Array>> = {
  "gumbel-softmax": exportGumbelSoftmax,
  "gumbel-softmax-vjp": exportGumbelSoftmaxVjp,
  categorical: exportCategorical,
  "gumbel-top-k": exportGumbelTopK,
};

/**
 * Runs the command.
 *
 * @param log where messages go when the model goes to `out`, and warnings
 * @throws UsageError for a wrong command, ModelError where a model cannot be read or be given a sampler
 */
export function runCommand(words: readonly string[], out: Sink, log: Sink = out): void {
  const command = parseArguments(words);
  if (command.command === "help") {
    out.write(HELP);
  } else if (command.command === "version") {
    out.write(`${PRODUCER.version}\n`);
  } else if (command.command === "inspect") {
    const report = inspectModel(readFile(command.model));
    out.write(command.json ? `${JSON.stringify(report, undefined, 2)}\n` : format(report, command.model));
  } else if (command.command === "export") {
    write(
      withOptions(() => EXPORTS[command.operation](command.options)),
      command,
      out,
      log,
    );
  } else {
    const bytes = readFile(command.model);
    const model = withOptions(() => appendSampler(bytes, command.options as AppendSamplerOptions));
    write(model, command, out, log);
    warnOfExternalData(model, command, log);
  }
}

/** External data is found relative to the model: beside it. */
function warnOfExternalData(
  model: Uint8Array,
  { model: source, output }: { readonly model: string; readonly output: string },
  log: Sink,
): void {
  if (output !== "-" && resolve(dirname(source)) === resolve(dirname(output))) return;
  const files = externalFilesOf(readModel(model).graph);
  if (files.length === 0) return;
  const list = files.map(printable).join(", ");
  const folder = printable(output === "-" ? "the new model" : output);
  log.write(`warning: the model keeps data in ${list}: copy that beside ${folder}\n`);
}

/** Makes a wrong option a usage error. */
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
    throw new UsageError(`${printable(path)} cannot be read: ${(error as Error).message}`);
  }
}

function write(
  model: Uint8Array,
  { output, force }: { readonly output: string; readonly force: boolean },
  out: Sink,
  log: Sink,
): void {
  const isStandardOutput = output === "-";
  const shown = isStandardOutput ? "standard output" : printable(output);
  if (isStandardOutput) {
    out.write(model);
  } else {
    if (!force && existsSync(output)) throw new UsageError(`${shown} exists: --force overwrites it`);
    try {
      writeFileSync(output, model, { flag: force ? "w" : "wx" });
    } catch (error) {
      throw new UsageError(`${shown} cannot be written: ${(error as Error).message}`);
    }
  }
  const { graph } = readModel(model);
  const types = valueTypesOf(graph);
  const initializers = new Set(graph.initializer.map(({ name }) => name));
  const list = (title: string, values: readonly { readonly name: string }[]) =>
    values.map(({ name }) => `${title.padEnd(8)}${typed(types, name)}\n`).join("");
  const said = isStandardOutput ? log : out;
  said.write(`${shown}: ${model.length} bytes, ${graph.node.length} nodes\n`);
  said.write(
    list(
      "input",
      graph.input.filter(({ name }) => !initializers.has(name)),
    ),
  );
  said.write(list("output", graph.output));
}

function typed(types: ValueTypes, name: string): string {
  return printable(`${name}  ${describeType(types(name))}`);
}

function format(report: ModelReport, path: string): string {
  const { opset, rewrites, logits } = report;
  const values = (title: string, list: ModelReport["inputs"]) =>
    list.map(({ name, type }) => `${title.padEnd(8)}${printable(`${name}  ${type}`)}\n`).join("");
  const raised = opset >= 18 ? "" : `, which append raises to 18 (${rewrites} nodes rewritten)`;
  const file = path.startsWith("-") ? `./${path}` : path;
  const target = `${basename(path, ".onnx")}-sampled.onnx`;
  const candidates = logits.map(({ name, type, axis, reason, obstacle }) => {
    const command = [
      `npx -p @gumbel/onnx gumbel-onnx append ${quoted(file)} --logits=${quoted(name)}`,
      axis === -1 ? "" : ` --axis=${axis}`,
      ` -o ${quoted(target.startsWith("-") ? `./${target}` : target)}`,
    ].join("");
    const verdict = obstacle === undefined ? command : printable(`cannot be sampled from: ${obstacle}`);
    return `  ${printable(`${name}  ${type}  (${reason})`)}\n    ${verdict}\n`;
  });
  const producer = report.producer || "an unknown program";
  return [
    `${printable(`${path}: made by ${producer}`)}, IR ${report.irVersion}, opset ${opset}${raised}\n`,
    values("input", report.inputs),
    values("output", report.outputs),
    candidates.length === 0
      ? "nothing looks like logits\n"
      : `what looks like logits:\n${candidates.join("")}`,
  ].join("");
}
