// The command line: what it writes, what it says, what it refuses.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { UsageError } from "../src/cli/arguments.ts";
import { runCommand } from "../src/cli/run-command.ts";
import { readModel, writeModel } from "../src/graph/model-bytes.ts";
import {
  appendSampler,
  exportCategorical,
  exportGumbelSoftmax,
  exportGumbelTopK,
  ModelError,
} from "../src/index.ts";
import { recognizer } from "./line-of-text.ts";
import { identityModel, imageModel, tinyModel } from "./tiny-model.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gumbel-onnx-"));
  writeFileSync(join(folder, "tiny.onnx"), tinyModel());
  writeFileSync(join(folder, "ocr.onnx"), recognizer);
  writeFileSync(join(folder, "text.onnx"), "no model");
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string) => join(folder, name);
const bytesOf = (name: string) => Uint8Array.from(readFileSync(file(name)));

/** A sink that keeps what is written to it. */
function sink() {
  const written: (string | Uint8Array)[] = [];
  const write = (part: string | Uint8Array) => written.push(part);
  return { write, written, text: () => written.join("") };
}

function run(...words: string[]): string {
  const out = sink();
  runCommand(words, out);
  return out.text();
}

it("export writes the graph that the library makes, and says what it takes and gives", () => {
  const said = run("export", "gumbel-softmax", "--hard", "--axis=-2", "--opset", "21", "-o", file("g.onnx"));
  expect(bytesOf("g.onnx")).toEqual(exportGumbelSoftmax({ hard: true, axis: -2, opset: 21 }));
  expect(said).toMatch(/g\.onnx: \d+ bytes, \d+ nodes\n/);
  expect(said).toMatch(/^input {3}logits {2}float32 \[categories, batch\]$/m);
  expect(said).toMatch(/^input {3}key {2}uint32 \[2\]$/m);
  expect(said).toMatch(/^output {2}y {2}float32 \[categories, batch\]$/m);
  run("export", "categorical", "--shape", "batch, 7,32000", "-o", file("shape.onnx"));
  expect(bytesOf("shape.onnx")).toEqual(exportCategorical({ shape: ["batch", 7, 32000] }));
  run("export", "gumbel-top-k", "--k", "5", "--noise", "bits", "-o", file("k.onnx"));
  expect(bytesOf("k.onnx")).toEqual(exportGumbelTopK({ k: 5, noise: "bits" }));
});

it("append writes the model that the library makes", () => {
  const words = ["append", file("tiny.onnx"), "--logits", "logits", "-o", file("sampled.onnx")];
  run(
    ...words,
    "--temperature",
    "input",
    "--top-k",
    "3",
    "--soft",
    "--soft-temperature",
    "0.5",
    "--prefix",
    "a_",
  );
  const options = { temperature: "input", topK: 3, soft: true, softTemperature: 0.5, prefix: "a_" } as const;
  expect(bytesOf("sampled.onnx")).toEqual(appendSampler(tinyModel(), { logits: "logits", ...options }));
});

it("append has the options of a language model's sampler", () => {
  writeFileSync(file("sequence.onnx"), identityModel(3));
  const words =
    "--logits logits --position last --top-k 40 --top-p 0.9 --min-p input --temperature per-row --log-prob --as-function --sample-shape 2,3";
  const more = [
    "--key=per-row",
    "--candidates",
    "64",
    "--type",
    "float32",
    "--shape",
    "a,b,50",
    "-o",
    file("lm.onnx"),
  ];
  run("append", file("sequence.onnx"), ...words.split(" "), ...more);
  const options = {
    position: "last",
    sampleShape: [2, 3],
    topK: 40,
    topP: 0.9,
    minP: "input",
    temperature: "per-row",
    logProb: true,
    key: "per-row",
    candidates: 64,
    asFunction: true,
    type: "float32",
    shape: ["a", "b", 50],
  } as const;
  expect(bytesOf("lm.onnx")).toEqual(appendSampler(identityModel(3), { logits: "logits", ...options }));
});

it("inspect tells what to append to, in words and as JSON", () => {
  const said = run("inspect", file("ocr.onnx"));
  expect(said).toMatch(/opset 9, which append raises to 18 \(\d+ nodes rewritten\)/);
  expect(said).toMatch(/p2o\.Add\.277 {2}float32 \[.*6625\]/);
  expect(said).toContain("--logits=p2o.Add.277 -o ocr-sampled.onnx");
  const sampled = ["--logits", "p2o.Add.277", "-o", file("ocr-sampled.onnx")];
  run("append", file("ocr.onnx"), ...sampled);
  expect(run("inspect", file("ocr-sampled.onnx"))).toContain("--logits=p2o.Add.277");
  const report = JSON.parse(run("inspect", file("tiny.onnx"), "--json"));
  expect(report).toMatchObject({ opset: 21, rewrites: 0, logits: [{ name: "logits" }] });
});

it("a command that inspect suggests is one word a name to a shell, whatever the names hold", () => {
  for (const name of [
    "$(touch pwned).onnx",
    "=ls.onnx",
    "it's `x`.onnx",
    "-o.onnx",
    "a b.onnx",
    "line\n\u001b[31m.onnx",
  ]) {
    const path = file(name);
    writeFileSync(path, tinyModel());
    const [command] = run("inspect", path).match(/gumbel-onnx append .*/) ?? [""];
    const words = execFileSync("bash", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8" }).split("\0");
    const target = name.replace(/\.onnx$/, "-sampled.onnx");
    const output = target.startsWith("-") ? `./${target}` : target;
    expect(words.slice(0, -1)).toEqual(["gumbel-onnx", "append", path, "--logits=logits", "-o", output]);
  }
});

it("control characters of names do not reach the terminal", () => {
  const model = readModel(tinyModel());
  const name = "lo\u001b[2Jgits\u202e";
  for (const node of model.graph.node) node.output = [name];
  model.graph.output[0].name = name;
  writeFileSync(file("escape.onnx"), writeModel(model));
  const said = run("inspect", file("escape.onnx"));
  expect(said).toContain("lo\\u001b[2Jgits");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

it("-o - writes the model to standard output and the rest elsewhere", () => {
  const [out, log] = [sink(), sink()];
  runCommand(["export", "categorical", "-o", "-"], out, log);
  expect(out.written).toEqual([exportCategorical()]);
  expect(log.text()).toMatch(/^standard output: \d+ bytes/);
});

it("a negative axis may stand as a word of its own", () => {
  run("export", "categorical", "--axis", "-2", "-o", file("axis.onnx"));
  expect(bytesOf("axis.onnx")).toEqual(exportCategorical({ axis: -2 }));
});

it("--version prints the package's", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(run("--version")).toBe(`${manifest.version}\n`);
});

it("external data that the new model would miss is told", () => {
  writeFileSync(file("external.onnx"), tinyModel({ isExternal: true }));
  mkdirSync(file("elsewhere"));
  const append = (output: string) => {
    const log = sink();
    runCommand(["append", file("external.onnx"), "--logits", "logits", "-o", output], sink(), log);
    return log.text();
  };
  expect(append(file("beside.onnx"))).toBe("");
  expect(append(file("elsewhere/model.onnx"))).toMatch(/warning: the model keeps data in weights\.bin: copy/);
});

it("inspect prints the axis where it is not the last", () => {
  writeFileSync(file("image.onnx"), imageModel([1, 19, 4, 5]));
  expect(run("inspect", file("image.onnx"))).toContain("--logits=scores --axis=1 -o image-sampled.onnx");
});

it("nothing is overwritten without being told", () => {
  writeFileSync(file("old.onnx"), "old");
  const words = ["export", "categorical", "-o", file("old.onnx")];
  expect(() => run(...words)).toThrow(/old\.onnx exists: --force overwrites it/);
  expect(readFileSync(file("old.onnx"), "utf8")).toBe("old");
  run(...words, "--force");
  expect(bytesOf("old.onnx").length).toBeGreaterThan(1000);
});

it("help names every command", () => {
  for (const words of [["--help"], ["export", "-h"]]) {
    expect(run(...words)).toMatch(/export <operation>[\s\S]*append <model.onnx>[\s\S]*inspect <model.onnx>/);
  }
});

it.each<[RegExp, string[]]>([
  [/one of the commands export, append and inspect is needed, got none/, []],
  [/got "sample"/, ["sample"]],
  [/export takes one operation .*got none/, ["export"]],
  [/export knows .*got "gumbel"/, ["export", "gumbel", "-o", "x"]],
  [/export needs -o <file>/, ["export", "categorical"]],
  [/append needs --logits <name>/, ["append", "m.onnx", "-o", "x"]],
  [/Unknown option '--hot'/, ["export", "categorical", "--hot", "-o", "x"]],
  [
    /--hard is an option of gumbel-softmax, not of categorical/,
    ["export", "categorical", "--hard", "-o", "x"],
  ],
  [
    /--temperature must be a number, got "warm"/,
    ["export", "gumbel-softmax", "--temperature", "warm", "-o", "x"],
  ],
  [
    /temperature must be a number in .* or "input", got 0/,
    ["export", "gumbel-softmax", "--temperature", "0", "-o", "x"],
  ],
  [/argument is ambiguous. Did you forget .* dash use/, ["append", "m.onnx", "--logits", "-o", "x"]],
  [/there-is-none.onnx cannot be read/, ["inspect", "there-is-none.onnx"]],
  [/cannot be written/, ["export", "categorical", "-o", "there/is/no/folder.onnx"]],
])("a wrong command is a usage error: %s", (message, words) => {
  expect(() => run(...words)).toThrow(UsageError);
  expect(() => run(...words)).toThrow(message);
  expect(existsSync("x")).toBe(false);
});

it("a model that stands in the way is another error", () => {
  expect(() => run("inspect", file("text.onnx"))).toThrow(ModelError);
  const words = ["append", file("tiny.onnx"), "--logits", "nothing", "-o", file("never.onnx")];
  expect(() => run(...words)).toThrow(/no value named "nothing"/);
  expect(existsSync(file("never.onnx"))).toBe(false);
});
