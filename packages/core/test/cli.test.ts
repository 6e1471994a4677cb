// The command gumbel-conformance: what a user types, what comes out, what it exits with.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsdown";
import { afterAll, describe, expect, it } from "vitest";
import { parseArguments, UsageError } from "../src/cli/arguments.ts";
import { explainError } from "../src/cli/explain-error.ts";
import { runCommand } from "../src/cli/run-command.ts";
import { CASES, type ConformanceReport } from "../src/conformance/index.ts";

const targets = fileURLToPath(new URL("./cli/targets.ts", import.meta.url));
const single = fileURLToPath(new URL("./cli/single-target.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gumbel-conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function command(...words: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(
    words,
    { write: (s) => void out.push(s) },
    { write: (s) => void err.push(s) },
  );
  return { code, out: out.join(""), err: err.join("") };
}

describe("gumbel-conformance", () => {
  it("passes the reference, a line a case while it runs, and exits with 0", async () => {
    const { code, out } = await command(single, "--case", "bits", "--quick");
    const bits = CASES.filter(({ id }) => id.startsWith("bits/"));
    expect(code).toBe(0);
    for (const [i, { id }] of bits.entries()) expect(out).toContain(`${i + 1}/${bits.length} ✓ ${id}`);
    expect(out).toContain("reference conforms to the sampling spec");
    expect(out).toMatch(new RegExp(`${bits.length} passed, 0 failed in .* \\(quick run\\)`));
  });

  it("reports a failure with clause, call, place, values and a replay line that fails the same way", async () => {
    const words = [targets, "--export", "faulty", "--quick", "--case", "reference/gumbelSoftmax"];
    const { code, out } = await command(...words);
    expect(code).toBe(1);
    expect(out).toContain("does not conform");
    for (const part of [
      "GS-4: ",
      "clause    ",
      "call      gumbelSoftmax(",
      "at        flat index",
      "float32 0x",
    ]) {
      expect(out).toContain(part);
    }
    const replay = /replay {4}npx -p @gumbel\/core gumbel-conformance (.*)/.exec(out)![1].split(" ");
    expect(replay).toContain("--path");
    const again = await command(...replay);
    expect(again.code).toBe(1);
    const failure = /GS-4: [\s\S]*?differs .*/;
    expect(failure.exec(again.out)![0]).toBe(failure.exec(out)![0]);
  });

  it("lets a known failure fail, and reports one that passes", async () => {
    const cases = ["--case", "samples/temperature-limits", "--case", "bits/jax"];
    const { code, out } = await command(targets, "--export", "listed", "--quick", ...cases);
    expect(code).toBe(1);
    expect(out).toContain("(no temperature yet)");
    expect(out).toContain("take it off the list");
    expect(out).toContain("0 passed, 0 failed, 1 known to fail but passed, 1 known to fail");
  });

  it("gives up on a case that does not finish", async () => {
    const words = [
      targets,
      "--export",
      "hanging",
      "--quick",
      "--case",
      "reference/softmaxVjp",
      "--timeout",
      "1",
    ];
    const { code, out } = await command(...words);
    expect(code).toBe(1);
    expect(out).toContain("did not finish in 1 s");
  });

  it("writes JSON to standard output, and progress beside it", async () => {
    const words = [targets, "--export", "faulty", "--quick", "--case", "samples/temperature-limits"];
    const { code, out, err } = await command(...words, "--format", "json");
    const report: ConformanceReport = JSON.parse(out);
    expect(code).toBe(1);
    expect(report).toMatchObject({ backend: "float32 parts", quick: true, conforms: false });
    expect(report.counts.failed).toBe(1);
    expect(report.results[0].failure).toMatchObject({ clause: "GS-3" });
    expect(err).toContain("1/1 ✗ samples/temperature-limits");
  });

  it("writes JUnit to a file, escaped", async () => {
    const output = join(folder, "report.xml");
    const words = [targets, "--export", "faulty", "--quick", "--case", "reference/gumbelSoftmax"];
    const { out } = await command(...words, "--format", "junit", "--output", output);
    expect(out).toContain("does not conform");
    const xml = readFileSync(output, "utf8");
    expect(xml).toContain('<testsuite name="reference" tests="1" failures="1" errors="0" skipped="0"');
    expect(xml).toMatch(/<failure type="GS-4" message="GS-4: a soft value[^"<>]*">GS-4: [^<>]*<\/failure>/);
  });

  it("lists cases without running them", async () => {
    const { code, out } = await command("--list", "--clause", "GS-4");
    expect(code).toBe(0);
    expect(out.trim().split("\n")).toHaveLength(CASES.filter((test) => test.clauses.includes("GS-4")).length);
  });

  it("lists the cases of a topic, and of an operation", async () => {
    for (const [word, isChosen] of [
      ["noise", (id: string) => id.startsWith("noise/")],
      ["categorical", (id: string) => /[/-]categorical(-|$)/.test(id)],
    ] as const) {
      const { out } = await command("--list", "--case", word);
      expect(out.trim().split("\n")).toHaveLength(CASES.filter(({ id }) => isChosen(id)).length);
    }
  });

  it("says how it is used", async () => {
    const { code, out } = await command("--help");
    expect(code).toBe(0);
    expect(out).toContain("Usage: gumbel-conformance <module>");
  });

  it.each([
    [[], "one module is needed, got none"],
    [["a", "b"], "one module is needed, got a b"],
    [["./nowhere.js"], "there is no file"],
    [["no-such-package"], "neither a file"],
    [[targets], "several targets: reference, faulty, listed, hanging. Choose one with --export"],
    [[targets, "--export", "version"], "exports no target named version"],
    [[single, "--case", "nonsense"], "--case nonsense fits no case"],
    [[single, "--case", "topk"], "Did you mean reference/gumbelTopK, gumbelTopK, "],
    [[single, "--clause", "GS-99"], "--clause GS-99 fits no case of the suite. Did you mean GS-"],
    [[single, "--kind", "exakt"], "Did you mean exact? --list shows them all"],
    [[single, "--seed", "x"], "--seed must be an integer"],
    [[single, "--format", "html"], '--format must be one of pretty, json, junit, got "html"'],
    [[single, "--quik"], "--quik"],
    [[single, "--path", "first"], '--path must be that of a replay line, such as 3 or 3:0:1, got "first"'],
    [[single, "--output", "no-such-folder/report.xml"], "there is no folder"],
  ])("refuses %j", async (words, message) => {
    const failure = await command(...words).catch((error) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure.message).toContain(message);
  });

  it("shows the file and line of a syntax error, and exits with 2", { timeout: 120_000 }, async () => {
    await build({
      config: false,
      entry: { cli: "src/cli/main.ts" },
      outDir: join(folder, "command"),
      platform: "node",
      dts: false,
      logLevel: "error",
      deps: { alwaysBundle: [/./] },
    });
    const target = join(folder, "target.mjs");
    writeFileSync(join(folder, "part.mjs"), "export const a = 1;\nconst = 3;\n");
    writeFileSync(target, 'import "./part.mjs";\nexport default { create() {} };\n');
    const run = spawnSync(process.execPath, [join(folder, "command/cli.mjs"), target], { encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/the target cannot be loaded\s+file:.*part\.mjs:2\s+const = 3;/);
  });

  it("combines filters: any word of an option, every option", () => {
    const { filter } = parseArguments(["m", "--clause", "BITS-2", "--clause", "BITS-4", "--kind", "exact"]);
    const ids = CASES.filter(filter).map(({ id }) => id);
    expect(ids).toContain("bits/jax");
    expect(ids).toContain("bits/counter-carry");
    expect(ids).not.toContain("bits/reference");
  });
});

describe("an error that ends the command", () => {
  it("says what to install where fast-check, the suite's peer, is missing", () => {
    const missing = (name: string) =>
      Object.assign(new Error(`Cannot find package '${name}' imported from /project/node_modules/x.js`), {
        code: "ERR_MODULE_NOT_FOUND",
      });
    expect(explainError(missing("fast-check"))).toContain("npm install --save-dev fast-check");
    expect(explainError(missing("another"))).toContain("'another'");
  });

  it("shows a stack only where it is no mistake of the command line", () => {
    expect(explainError(new UsageError("--seed must be a number"))).toBe("--seed must be a number");
    expect(explainError(new RangeError("out of range"))).toMatch(/^RangeError: out of range\n {4}at /);
  });
});
