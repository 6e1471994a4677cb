// The API reference: typedoc over the packages' sources, one page for each entry point.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Application, Converter, ReflectionKind } from "typedoc";

const FOLDER = new URL("../pages/api/", import.meta.url);
const ROOT = new URL("../../../", import.meta.url);

/** Entry points by package. The first one is imported by the package's own name. */
const PACKAGES = {
  core: ["index", "adapter", "spec/index", "conformance/index", "vitest"],
  tfjs: ["index", "core", "conformance"],
  wasm: ["index", "conformance"],
  webgpu: ["index", "conformance", "wgsl/index"],
  onnx: ["index", "conformance"],
  llm: ["index", "transformers", "web-llm"],
};

const TABLES = Object.fromEntries(
  ["parameters", "interfaceProperties", "classProperties", "propertyMembers", "typeDeclaration"].map(
    (what) => [`${what}Format`, "table"],
  ),
);

/** Writes the pages of every package. Throws on an error of typedoc, a dead link, or an export without a description. */
export async function writeApi() {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const rows = [];
  for (const [name, entries] of Object.entries(PACKAGES)) {
    await runTypedoc(name, entries);
    const { description } = JSON.parse(
      await readFile(new URL(`packages/${name}/package.json`, ROOT), "utf8"),
    );
    await title(name, entries, description);
    rows.push(`| ${entries.map((entry) => linkTo(name, entry, ".")).join("<br>")} | ${description} |`);
  }
  const text = `# API reference

Generated from the sources. Every operation keeps one name in every package, and \`key\`, \`split\`, \`foldIn\` are the same everywhere. The methods of a
sampler are documented in [\`Sampler\`](./core/index.md#sampler).

| import | what it is for |
| --- | --- |
${rows.join("\n")}
`;
  await writeFile(new URL("index.md", FOLDER), text);
}

/** The subpath of an entry point: empty for the main one, or such as `/adapter`. */
function subpath(/** @type {string} */ entry) {
  return entry === "index" ? "" : `/${entry.replace(/\/index$/, "")}`;
}

/**
 * @param {string} name of a package
 * @param {string} entry
 * @param {string} from path of the folder of the reference
 */
function linkTo(name, entry, from) {
  return `[\`@gumbel/${name}${subpath(entry)}\`](${from}/${name}${subpath(entry) || "/index"}.md)`;
}

/**
 * @param {string} name
 * @param {string[]} entries
 */
async function runTypedoc(name, entries) {
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
    logLevel: "Warn",
    validation: { invalidLink: true, notDocumented: true, notExported: false },
    requiredToBeDocumented: ["Class", "Enum", "Function", "Interface", "Method", "TypeAlias", "Variable"],
    groupOrder: ["Functions", "Interfaces", "Type Aliases", "Variables", "Classes"],
    ...{ outputFileStrategy: "modules", entryModule: "index", entryFileName: "index", useCodeBlocks: true },
    ...{ hideBreadcrumbs: true, hidePageHeader: true, ...TABLES },
    tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true, hideSources: true },
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => showMethodsOnce(project));
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => orderByUse(project), -1000);
  const project = await app.convert();
  if (project === undefined) throw new Error(`typedoc did not understand @gumbel/${name}`);
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error(`typedoc complains of @gumbel/${name}`);
  }
  await app.generateOutputs(project);
}

/** Functions, and methods of a sampler, in the order of use; what is not listed comes after them, in the order of the alphabet. */
const ORDER = [
  ...[
    "createTokenSampler",
    "createLogitsProcessor",
    "createLogitProcessor",
    "createSampler",
    "appendSampler",
  ],
  ...["key", "split", "foldIn", "seed", "nextKey", "createKeyStream"],
  ...["categorical", "gumbelTopK", "logProb", "entropy", "klDivergence"],
  ...["gumbelSoftmax", "gumbelSoftmaxVjp", "softmax", "softmaxVjp", "relaxedLogProb"],
  ...["relaxedBernoulli", "relaxedBernoulliLogProb", "conditionalGumbel", "gumbel", "bits", "assertLogits"],
];
/** What releases a sampler, at the end of its methods. */
const LAST = ["dispose"];

/**
 * Leaves the documentation of an operation to `Sampler`, which inherits the methods: removes the interface of each method, and the
 * entries of the table, which `export type *` names too.
 * @param {import("typedoc").ProjectReflection} project
 */
function showMethodsOnce(project) {
  const isOfTable = ({ name }) => /^(\w+Operation|ENTRIES|Entry|\w+Method|Methods)$/.test(name);
  const kinds = ReflectionKind.Variable | ReflectionKind.Interface | ReflectionKind.TypeAlias;
  for (const reflection of project.getReflectionsByKind(kinds).filter(isOfTable))
    project.removeReflection(reflection);
  for (const sampler of samplersOf(project)) {
    sampler.extendedTypes = sampler.extendedTypes?.filter(({ name }) => name !== "Methods");
    for (const method of sampler.children ?? []) {
      delete method.inheritedFrom;
      for (const signature of method.signatures ?? []) delete signature.inheritedFrom;
    }
  }
}

/** @param {import("typedoc").ProjectReflection} project */
function orderByUse(project) {
  const place = ({ name }) => {
    const listed = ORDER.indexOf(name);
    if (listed >= 0) return listed;
    return LAST.includes(name) ? Number.POSITIVE_INFINITY : ORDER.length;
  };
  const ordered = [project, ...project.getReflectionsByKind(ReflectionKind.Module), ...samplersOf(project)];
  for (const { groups = [] } of ordered) {
    for (const { title, children } of groups)
      if (title === "Methods" || title === "Functions") children.sort((a, b) => place(a) - place(b));
  }
}

/**
 * The documented interface `Sampler`.
 * @param {import("typedoc").ProjectReflection} project
 */
function samplersOf(project) {
  return project.getReflectionsByKind(ReflectionKind.Interface).filter(({ name }) => name === "Sampler");
}

/**
 * Adds a title, the package's description and links to its other entry points to the pages of a package.
 * @param {string} name
 * @param {string[]} entries
 * @param {string} description of the package
 */
async function title(name, entries, description) {
  for (const entry of entries) {
    const page = new URL(`${name}${subpath(entry) || "/index"}.md`, FOLDER);
    const text = await readFile(page, "utf8");
    const others = entries.filter((other) => other !== entry).map((other) => linkTo(name, other, ".."));
    const head = [
      "---\noutline: [2, 3]\n---",
      `# @gumbel/${name}${subpath(entry)}`,
      ...(entry === "index" ? [`${description}.`] : []),
      `See also ${others.join(", ")}.`,
    ];
    const titled = text
      .replace(/^# .*\n/, `${head.join("\n\n")}\n`)
      // Links use the names of constants as anchors; VitePress would replace their underscores by hyphens.
      .replaceAll(/^(#+ )(\w+(?:\\_\w+)+)$/gm, (_, hashes, name) => {
        return `${hashes}${name} {#${name.replaceAll("\\_", "_").toLowerCase()}}`;
      });
    await writeFile(page, titled);
  }
}
