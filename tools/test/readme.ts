// The programs of a README: each is written to a file as it is printed, run as a module, and prints what its comments say. Nothing
// else is supplied; imports resolve to the sources of the packages.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatWithOptions } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/** A block whose first line is `// name.mjs: …` is a file of that name. */
const FILE_NAME = /^\/\/ ([\w.-]+\.mjs)\b/;

/** How {@link describeReadme} reads a README. */
export interface DescribeReadmeOptions {
  /** The README; that of the folder when left out. */
  readonly readme?: URL;
  /** A block with a file name that runs before the others, as what Node is given by `--import`. */
  readonly imported?: string;
}

/**
 * Runs every JavaScript block of a README.
 *
 * @param folder of a package, whose dependencies are what programs may import
 */
export function describeReadme(folder: URL, { readme, imported }: DescribeReadmeOptions = {}): void {
  const text = readFileSync(readme ?? new URL("README.md", folder), "utf8");
  const programs = Array.from(text.matchAll(/^```js\n([\s\S]*?)^```$/gm), ([, code], i) => ({
    name: FILE_NAME.exec(code!)?.[1] ?? `program-${i + 1}.mjs`,
    code: code!,
  }));
  const programFolder = fileURLToPath(
    new URL(`.readme/${readme === undefined ? "package" : "given"}/`, folder),
  );
  const run = ({ name }: { name: string }) => import(/* @vite-ignore */ join(programFolder, name));

  beforeAll(async () => {
    mkdirSync(programFolder, { recursive: true });
    for (const { name, code } of programs) writeFileSync(join(programFolder, name), code);
    for (const program of programs) if (program.name === imported) await run(program);
  }, 60_000);
  afterAll(() => rmSync(programFolder, { recursive: true, force: true }));

  describe("README", () => {
    it("has programs", () => expect(programs.length).toBeGreaterThan(0));

    it.each(programs.filter(({ name }) => name !== imported))(
      "$name prints what it says:\n$code",
      {
        timeout: 60_000,
      },
      async (program) => {
        const printed: string[] = [];
        const log = vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
          printed.push(formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values));
        });
        await run(program).finally(() => log.mockRestore());
        const claimed = Array.from(
          program.code.matchAll(/^ *console\.log.*; \/\/ (.*)$/gm),
          ([, text]) => text!,
        );
        if (claimed.length > 0) expect(printed).toEqual(claimed);
        // What a language model writes is not claimed.
        else if (program.code.includes("console.log")) expect(printed.join("")).not.toBe("");
      },
    );

    if (readme !== undefined) return;
    // npm shows a package's README without the repository around it.
    it("has no link that leads out of the package", () => {
      expect(text.match(/\]\((?!https:|#)[^)]*\)/g) ?? []).toEqual([]);
    });
  });
}
