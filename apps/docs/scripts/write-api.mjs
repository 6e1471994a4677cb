// The API reference: typedoc over the packages' sources, one folder a package.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Application } from "typedoc";

const FOLDER = new URL("../pages/api/", import.meta.url);
const ROOT = new URL("../../../", import.meta.url);

/** Entry points, by package: what users import. */
const PACKAGES = {
  core: ["index", "adapter", "spec/index", "conformance/index", "vitest"],
  tfjs: ["index", "conformance"],
  wasm: ["index", "conformance"],
  webgpu: ["index", "conformance", "wgsl/index"],
  onnx: ["index", "conformance"],
};

/** Writes the pages of every package. Throws on an error of typedoc's. */
export async function writeApi() {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  for (const [name, entries] of Object.entries(PACKAGES)) {
    const folder = new URL(`packages/${name}/`, ROOT);
    const app = await Application.bootstrapWithPlugins({
      plugin: ["typedoc-plugin-markdown"],
      entryPoints: entries.map((entry) => fileURLToPath(new URL(`src/${entry}.ts`, folder))),
      tsconfig: fileURLToPath(new URL("tsconfig.json", folder)),
      name: `@gumbel/${name}`,
      readme: "none",
      out: fileURLToPath(new URL(`${name}/`, FOLDER)),
      excludeInternal: true,
      excludeExternals: true,
      disableSources: true,
      githubPages: false,
      skipErrorChecking: true,
      logLevel: "Error",
      ...{ entryFileName: "index", hideBreadcrumbs: true, hidePageHeader: true },
    });
    const project = await app.convert();
    if (project === undefined) throw new Error(`typedoc did not understand @gumbel/${name}`);
    await app.generateOutputs(project);
    if (app.logger.hasErrors()) throw new Error(`typedoc failed on @gumbel/${name}`);
  }
  const items = Object.keys(PACKAGES).map((name) => `- [\`@gumbel/${name}\`](./${name}/index.md)`);
  const text = `# API reference\n\nGenerated from the sources. Every operation keeps one name in every package.\n\n${items.join("\n")}\n`;
  await writeFile(new URL("index.md", FOLDER), text);
}
