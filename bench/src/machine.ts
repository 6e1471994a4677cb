// The machine and the commit that a run measures.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { Machine } from "./results.ts";

/** This machine, but for the load after the run. */
export function machine(): Omit<Machine, "loadAfter"> {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: distribution() ?? `${type()} ${release()}`,
    architecture: process.arch,
    node: process.versions.node,
    loadBefore: load(),
  };
}

/** Load averages of now. */
export function load(): number[] {
  return loadavg().map((value) => Math.round(value * 100) / 100);
}

/** Linux says its distribution's name in a file. */
function distribution(): string | undefined {
  if (!existsSync("/etc/os-release")) return undefined;
  const name = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  return name === undefined ? undefined : `${name}, ${type()} ${release()}`;
}

/** The commit of a folder's repository, with `-dirty` where what is measured differs from it. */
export function commitOf(folder: string): string {
  const git = (...parameters: string[]) =>
    (spawnSync("git", parameters, { cwd: folder, encoding: "utf8" }).stdout ?? "").trim();
  const commit = git("rev-parse", "HEAD");
  if (commit === "") return "unknown";
  const changed = git("status", "--porcelain", "--", "../packages", ".", ":!results");
  return changed === "" ? commit : `${commit}-dirty`;
}

/** Version of a package as it is installed for the bench; `workspace` for ours. */
export function versionOf(folder: string, library: string): string {
  if (library.startsWith("@gumbel/")) return "workspace";
  const manifest = join(folder, "node_modules", library, "package.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : "none";
}
