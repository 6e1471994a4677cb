// The machine and the commit that a run measures.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { Machine } from "./results.ts";

/** This machine, but for the load after the run. */
export function machine(): Omit<Machine, "loadAfter"> {
  const processors = cpus();
  const file = "/etc/os-release";
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const distribution = text.replace(/.*^PRETTY_NAME="(.*?)"$.*/ms, "$1, ");
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${distribution}${type()} ${release()}`,
    architecture: process.arch,
    node: process.versions.node,
    loadBefore: load(),
  };
}

/** Load averages of now. */
export const load = () => loadavg().map((value) => Math.round(value * 100) / 100);

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
