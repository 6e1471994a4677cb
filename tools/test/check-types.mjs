#!/usr/bin/env node
// Checks the types that the package in the working directory publishes with old versions of TypeScript: no name that they lack
// may stand in them, which `skipLibCheck`, that nearly every project sets, would make `any` without a word. Needs dist.
// Arguments: files of a user's, checked too. An `@ts-expect-error` in one of them says what must be refused.
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";

/** Of the oldest that is supported; the last without generic typed arrays; the last without WebGPU in its library. */
const VERSIONS = process.env.GUMBEL_TEST_FULL === "1" ? ["5.0", "5.6", "5.9"] : ["5.0"];

/** @type {{ name: string, exports: Record<string, unknown> }} */
const { name, exports } = JSON.parse(readFileSync("package.json", "utf8"));
const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
const files = process.argv.slice(2).map((file) => resolve(file));
const dist = resolve("dist").replaceAll("\\", "/");
const importer = resolve("imports-every-entry.ts").replaceAll("\\", "/");
const imports = entries.map((entry, i) => `export * as _${i} from "${name}${entry.slice(1)}";`).join("\n");

for (const version of VERSIONS) {
  /** @type {{ default: typeof import("typescript-5.9") }} */
  const { default: ts } = await import(`typescript-${version}`);
  /** @type {import("typescript-5.9").CompilerOptions} */
  const options = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.fileExists = (file) => file === importer || fileExists(file);
  host.readFile = (file) => (file === importer ? imports : readFile(file));
  host.getSourceFile = (file, languageVersion) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, languageVersion);
  };
  const program = ts.createProgram([importer, ...files], options, host);
  // Of our own files alone: other packages' types are theirs, and large.
  const own = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(dist) || fileName === importer || files.includes(fileName));
  const published = own.filter(({ fileName }) => fileName.startsWith(dist));
  if (published.length < entries.length) throw new Error(`${name} has no types in dist: build it first`);
  for (const diagnostic of own.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ])) {
    const { line } = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0) ?? { line: 0 };
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    console.error(
      `TypeScript ${version}: ${relative(".", diagnostic.file?.fileName ?? "")}:${line + 1}: ${text}`,
    );
    process.exitCode = 1;
  }
}
