// Finds the target that a module exports.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ConformanceTarget } from "../conformance/index.ts";
import { UsageError } from "./arguments.ts";

/**
 * Imports a module by path or package name, both from the working directory, and picks its target: the named
 * export, else the default, else the only one there is.
 */
export async function loadTarget(
  module: string,
  exportName: string | undefined,
): Promise<ConformanceTarget<unknown>> {
  const exported: Record<string, unknown> = await import(urlOf(module));
  const names = Object.keys(exported).filter((name) => isTarget(exported[name]));
  const found = names.length === 0 ? "none" : names.join(", ");
  if (exportName !== undefined) {
    if (names.includes(exportName)) return exported[exportName] as ConformanceTarget<unknown>;
    throw new UsageError(`${module} exports no target named ${exportName}; its targets: ${found}`);
  }
  const name = names.includes("default") ? "default" : names.length === 1 ? names[0] : undefined;
  if (name !== undefined) return exported[name] as ConformanceTarget<unknown>;
  throw new UsageError(
    names.length === 0
      ? `${module} exports no target. A target is an object with create(), see @gumbel/core/conformance`
      : `${module} exports several targets: ${found}. Choose one with --export`,
  );
}

function urlOf(module: string): string {
  if (/^(file|data|node):/.test(module)) return module;
  const path = resolve(module);
  if (existsSync(path)) return pathToFileURL(path).href;
  if (/^[./\\]/.test(module)) throw new UsageError(`there is no file ${path}`);
  try {
    return pathToFileURL(createRequire(pathToFileURL(`${process.cwd()}/`)).resolve(module)).href;
  } catch {
    throw new UsageError(
      `there is neither a file ${path} nor a package ${JSON.stringify(module)} that can be found from here`,
    );
  }
}

function isTarget(value: unknown): value is ConformanceTarget<unknown> {
  return (
    typeof value === "object" && value !== null && "create" in value && typeof value.create === "function"
  );
}
