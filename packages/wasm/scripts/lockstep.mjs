// Writes out the blocks labelled `lockstep` before the compiler sees them: each statement for four vectors before the next one. A
// processor with four independent chains side by side is kept busy; one after another they would have it wait. Text in, text
// out; it knows only what assembly/ needs: blocks of declarations, assignments and calls.

const VECTORS = [0, 1, 2, 3];
const VECTOR_BYTES = 16;

/** A name that is not a property. */
const NAME = /(?<!\.)\b[a-zA-Z_]\w*\b/g;
const DECLARATION = /^(?:const|let) (\w+)/;
/** A read of a constant. */
const CONSTANT = /v128\.load\([A-Z_0-9]+(?:, \d+)?\)/g;

/**
 * @param {Readonly<Record<string, string>>} sources all files by the name that imports use; where a block calls an `@inline` function
 * of theirs that takes several statements, those stand in its place
 * @returns {Record<string, string>} the same files, written out
 */
export function writeOutLockstep(sources) {
  const functions = new Map();
  const homes = new Map();
  for (const [file, source] of Object.entries(sources)) {
    for (const [, name] of source.matchAll(/^(?:export )?(?:const|function) (\w+)/gm)) homes.set(name, file);
    for (const [, name, parameters, body] of source.matchAll(
      /@inline\n(?:export )?function (\w+)\((.*)\): v128 \{\n([\s\S]*?)\n\}/g,
    )) {
      const statements = statementsOf(body);
      const result = statements.pop().replace(/^return /, "");
      if (statements.length === 0 || !statements.every((statement) => DECLARATION.test(statement))) continue;
      const names = parameters.split(",").map((parameter) => parameter.split(":")[0].trim());
      functions.set(name, { parameters: names, statements, result });
    }
  }
  return Object.fromEntries(
    Object.entries(sources).map(([file, source]) => {
      const text = source.replaceAll(/ *lockstep: \{\n([\s\S]*?)\n\s*\}\n/g, (_, body) =>
        forAllVectors(statementsOf(body).flatMap((statement) => withoutCalls(statement, functions))),
      );
      return [file, withImports(file, text, homes)];
    }),
  );
}

/** Each statement for every vector; constants are read once. */
function forAllVectors(statements) {
  const names = new Set(statements.flatMap((statement) => statement.match(DECLARATION)?.[1] ?? []));
  const constants = new Map();
  const lines = statements.flatMap((statement) => {
    const reads = (statement.match(CONSTANT) ?? []).filter((read) => !constants.has(read));
    for (const read of reads) constants.set(read, `constant_${constants.size}`);
    const shared = statement.replaceAll(CONSTANT, (read) => constants.get(read));
    return [
      ...reads.map((read) => `  const ${constants.get(read)} = ${read};`),
      ...VECTORS.map((vector) => {
        const renamed = shared.replaceAll(NAME, (name) => (names.has(name) ? `${name}_${vector}` : name));
        return `  ${renamed.replaceAll(/\bLANE\b/g, String(VECTOR_BYTES * vector))};`;
      }),
    ];
  });
  return `${lines.join("\n")}\n`;
}

/** The statements of a function instead of its call, which is a declaration of its own: `const result = called(…)`. */
function withoutCalls(statement, functions) {
  const [, declared, name, given] = statement.match(/^const (\w+) = (\w+)\(([\s\S]*)\)$/) ?? [];
  const called = functions.get(name);
  if (called === undefined) {
    const hidden = statement.match(NAME)?.find((word) => functions.has(word));
    if (hidden === undefined) return [statement];
    throw new Error(`a lockstep block must call ${hidden} in a declaration of its own, got: ${statement}`);
  }
  const locals = new Set(called.parameters);
  for (const line of called.statements) locals.add(line.match(DECLARATION)[1]);
  const own = (local) => `${declared}_${name}_${local}`;
  const rename = (text) => text.replaceAll(NAME, (word) => (locals.has(word) ? own(word) : word));
  return [
    ...split(given, ",").map((argument, i) => `const ${own(called.parameters[i])} = ${argument.trim()}`),
    ...called.statements.map(rename),
    `const ${declared} = ${rename(called.result)}`,
  ].flatMap((line) => withoutCalls(line, functions));
}

/** Imports of what the statements that came from other files use; everything is exported for that. */
function withImports(file, text, homes) {
  const known = new Set();
  for (const [, names] of text.matchAll(/^import \{(.*)\}/gm))
    for (const name of names.match(NAME)) known.add(name);
  const used = new Set(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").match(NAME));
  const missing = [...used].filter((name) => homes.has(name) && homes.get(name) !== file && !known.has(name));
  const imports = missing.map((name) => `import { ${name} } from "./${homes.get(name)}";\n`);
  return imports.join("") + text.replaceAll(/^(?=(?:const|function) )/gm, "export ");
}

function statementsOf(body) {
  const code = body.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  return split(code, ";").flatMap((statement) => statement.trim() || []);
}

/** Cuts text at a character that stands in no parentheses. */
function split(text, separator) {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
