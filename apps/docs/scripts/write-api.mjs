// The API reference: typedoc over the packages' sources, a page for each entry point, the main one in several.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Application, Converter, ReflectionKind } from "typedoc";
import { followParts, membersOf, withoutShared } from "./split-reference.mjs";

/** Levels of headings in the outlines of pages: those of members, and of their groups. */
const OUTLINE = "---\noutline: [2, 3]\n---\n\n";
/** The same where members are not grouped. */
const FLAT_OUTLINE = "---\noutline: 2\n---\n\n";
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

/** Entry points beside the main one whose types have a page of their own. */
const DIVIDED = ["adapter"];

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
  /** @type {import("./split-reference.mjs").Member[] | undefined} */
  let core;
  for (const [name, entries] of Object.entries(PACKAGES)) {
    await runTypedoc(name, entries);
    const { description } = JSON.parse(
      await readFile(new URL(`packages/${name}/package.json`, ROOT), "utf8"),
    );
    const members = await title(name, entries, description, core);
    core ??= members; // the first package
    rows.push(`| ${entries.map((entry) => linkTo(name, entry, ".")).join("<br>")} | ${description} |`);
  }
  const text = `# API reference

Generated from the sources. Every operation keeps one name in every package, and \`key\`, \`split\`, \`foldIn\` are the same everywhere. The methods of a
sampler are documented in [\`Sampler\`](./core/sampler.md).

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
    excludeReferences: true,
    disableSources: true,
    githubPages: false,
    skipErrorChecking: true,
    logLevel: "Warn",
    validation: { invalidLink: true, notDocumented: true, notExported: false },
    requiredToBeDocumented: ["Class", "Enum", "Function", "Interface", "Method", "TypeAlias", "Variable"],
    groupOrder: ["Functions", "Interfaces", "Type Aliases", "Variables", "Classes"],
    ...{
      outputFileStrategy: "modules",
      entryModule: "index",
      entryFileName: "index",
      useCodeBlocks: true,
      useHTMLAnchors: true,
    },
    ...{ hideBreadcrumbs: true, hidePageHeader: true, ...TABLES },
    tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true, hideSources: true },
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    showMethodsOnce(project);
    nameParameters(project);
  });
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
 * Leaves the documentation of a member to the interface that declares it, but for options, which are read whole; and that of an
 * operation to `Sampler`, which inherits the methods: removes the interface of each method, and the entries of the table, which
 * `export type *` names too.
 * @param {import("typedoc").ProjectReflection} project
 */
function showMethodsOnce(project) {
  const isOfTable = ({ name }) => /^(\w+Operation|ENTRIES|Entry|\w+Method|Methods)$/.test(name);
  const kinds = ReflectionKind.Variable | ReflectionKind.Interface | ReflectionKind.TypeAlias;
  for (const reflection of project.getReflectionsByKind(kinds).filter(isOfTable))
    project.removeReflection(reflection);
  for (const { name, children = [] } of project.getReflectionsByKind(ReflectionKind.Interface)) {
    if (name === "Sampler" || name.endsWith("Options")) continue;
    // Methods of a generic interface are named, not resolved yet.
    const inherited = children.filter(
      ({ inheritedFrom: from }) => from?.reflection !== undefined || from?.name.startsWith("Sampler."),
    );
    for (const member of inherited) project.removeReflection(member);
  }
  for (const sampler of samplersOf(project)) {
    sampler.extendedTypes = sampler.extendedTypes?.filter(({ name }) => name !== "Methods");
    for (const method of sampler.children ?? []) {
      delete method.inheritedFrom;
      for (const signature of method.signatures ?? []) delete signature.inheritedFrom;
    }
  }
}

/**
 * Names parameters that the source takes apart after their types.
 * @param {import("typedoc").ProjectReflection} project
 */
function nameParameters(project) {
  for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
    if (parameter.name !== "__namedParameters") continue;
    const type = parameter.type?.type === "reference" ? parameter.type.name : "Call";
    parameter.name = type[0].toLowerCase() + type.slice(1);
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
 * Titles the pages of a package, gives them its description and links to its other entry points, and splits that of the main one.
 * @param {string} name
 * @param {string[]} entries
 * @param {string} description of the package
 * @param {import("./split-reference.mjs").Member[]} [core] the members of `@gumbel/core`, for another package
 * @returns {Promise<import("./split-reference.mjs").Member[]>} the members of the main entry point
 */
async function title(name, entries, description, core = []) {
  const pageOf = (/** @type {string} */ page) => new URL(`${name}/${page}.md`, FOLDER);
  const [main, ...others] = await Promise.all(
    entries.map(async (entry) => withAnchors(await readFile(pageOf(fileOf(entry)), "utf8"))),
  );
  const isCore = core.length === 0;
  const members = membersOf(
    main.replace(/^# .*\n/, ""),
    isCore ? ["sampler", "options", "resolved"] : ["sampler"],
  );
  const { own, targets } = withoutShared(members, core, "../core/");
  const divided = others.flatMap((text, i) =>
    DIVIDED.includes(entries[i + 1]) ? [divide(entries[i + 1], text)] : [],
  );
  /** Makes links of a text lead to the parts of pages. */
  const follow = (/** @type {string} */ text, /** @type {string} */ part) =>
    divided.reduce(
      (followed, { page, targets }) =>
        followParts(followed, targets, part.startsWith(page) ? part : undefined, page),
      followParts(text, targets, part in heads ? part : undefined),
    );
  const hasSampler = own.some(({ part }) => part === "sampler");
  const see = [
    `[the methods of a sampler](${hasSampler ? "." : "../core"}/sampler.md)`,
    `[options of operations](${isCore ? "." : "../core"}/options.md)`,
    "[types](./types.md)",
    ...(isCore ? [] : ["[types of all packages](../core/types.md)"]),
    ...entries.slice(1).map((entry) => linkTo(name, entry, "..")),
  ];
  const heads = {
    index: `# @gumbel/${name}\n\n${description}. [How to use it](../../packages/${name}.md).\n\nSee also ${see.join(", ")}.\n\n`,
    sampler: "",
    options: `# Options of operations\n\nWhat the [methods of a sampler](./sampler.md) and the functions of [\`@gumbel/core\`](./index.md) take, the same in every package. An option that is \`null\` or \`undefined\` is left out.\n\n`,
    resolved: `# Resolved calls\n\nWhat a kernel of [an adapter](../../guides/adapter.md) gets: the arguments of a call, checked, with defaults filled in.\n\n`,
    types: `# Types of @gumbel/${name}\n\n${
      isCore
        ? "Results and other types of [`@gumbel/core`](./index.md), beside [options](./options.md) and [resolved calls](./resolved.md)"
        : `Options, results and other types of [\`@gumbel/${name}\`](./index.md), beside [those of all packages](../core/types.md)`
    }.\n\n`,
  };
  for (const [part, head] of Object.entries(heads)) {
    const text = own.flatMap((member) => (member.part === part ? [member.text] : [])).join("");
    const outline = part === "options" || part === "resolved" ? FLAT_OUTLINE : OUTLINE;
    if (text !== "") await writeFile(pageOf(part), outline + head + follow(text, part));
  }
  for (const [i, text] of others.entries()) {
    const entry = entries[i + 1];
    const links = entries.filter((other) => other !== entry).map((other) => linkTo(name, other, ".."));
    const page = fileOf(entry);
    const parts = divided.find((each) => each.page === page)?.own ?? [
      { part: page, text: text.replace(/^# .*\n/, "") },
    ];
    for (const part of new Set(parts.map((each) => each.part))) {
      const title = `${part === page ? "" : "Types of "}@gumbel/${name}${subpath(entry)}`;
      const other = parts.find((each) => each.part !== part);
      const see =
        other === undefined
          ? links
          : [`[its ${part === page ? "types" : "functions"}](./${other.part}.md)`, ...links];
      const body = parts.flatMap((each) => (each.part === part ? [each.text] : [])).join("");
      await writeFile(
        pageOf(part),
        `${OUTLINE}# ${title}\n\nSee also ${see.join(", ")}.\n\n${follow(body, part)}`,
      );
    }
  }
  return members;
}

/**
 * Divides the page of an entry point in two: the types are those of `<page>-types`.
 * @param {string} entry
 * @param {string} text
 */
function divide(entry, text) {
  const page = fileOf(entry);
  const members = membersOf(text.replace(/^# .*\n/, ""), []).map((member) => ({
    ...member,
    part: member.part === "types" ? `${page}-types` : page,
  }));
  return { page, ...withoutShared(members, [], "") };
}

/**
 * Puts the anchors of typedoc, which stand above headings, into them: VitePress would give others. Headings that have none get a number,
 * so that no anchor is theirs that belongs to another. Leaves out what says nothing: results that are none, cells without a value, who
 * extends an interface, buffers of typed arrays, and that an option may be null, which each may.
 */
function withAnchors(/** @type {string} */ text) {
  let sections = 0;
  return text
    .replaceAll(/^#+ Returns\n\n`void`\n\n/gm, "")
    .replaceAll(/^#+ Extended by\n\n(- .*\n)+\n/gm, "")
    .replaceAll(/(?<=[^\\]\|) (-|`undefined`) (?=\|)/g, " ")
    .replaceAll("\\<`ArrayBufferLike`\\>", "")
    .replaceAll(/^(\| .*?`\w+\?` \| .*?) \\\| `null` (?=\| )/gm, "$1 ")
    .replaceAll(/^<a id="([\w-]+)"><\/a>\n\n(#+ .*)$/gm, "$2 {#$1}")
    .replaceAll(/^###+ .*(?<!\})$/gm, (heading) => `${heading} {#section-${++sections}}`);
}

/** The file of an entry point's page, in the folder of its package, without `.md`. */
function fileOf(/** @type {string} */ entry) {
  return subpath(entry).slice(1) || "index";
}
