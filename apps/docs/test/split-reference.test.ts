// The reference of a package is split into pages whose links still lead to what they name.
import { expect, it } from "vitest";
import { followParts, membersOf, withoutShared } from "../scripts/split-reference.mjs";

const core = membersOf(
  `## Functions

### key() {#key}

Makes a [key](#key-1).

## Interfaces

### BitsOptions {#options}

- <a id="property-key"></a> \`key\`: [\`Key\`](#key-1) | \`null\`

### Sampler {#sampler}

#### categorical() {#categorical}

Takes [\`BitsOptions\`](#options).

### ResolvedCall {#resolvedcall}

## Type Aliases

### Key {#key-1}
`,
  ["sampler", "options", "resolved"],
);
/** The same of another package, where names are taken otherwise, and an interface of its own. */
const other = membersOf(
  `## Interfaces

### Mine {#mine}

Extends [\`BitsOptions\`](#options-2), has a [\`Key\`](#key-7).

### BitsOptions {#options-2}

- <a id="property-key-4"></a> \`key\`: \`null\` | [\`Key\`](#key-7)

## Type Aliases

### Key {#key-7}
`,
  ["sampler"],
);

const textOf = (members: ReturnType<typeof membersOf>, page: string) =>
  members
    .filter(({ part }) => part === page)
    .map(({ text }) => text)
    .join("");

it("functions, the methods of a sampler, options, resolved calls and types stand on pages of their own, and links lead from one to the other", () => {
  const { own, targets } = withoutShared(core, [], "../core/");
  expect(followParts(textOf(own, "index"), targets, "index")).toContain("[key](types.md#key-1)");
  expect(followParts(textOf(own, "sampler"), targets, "sampler")).toMatch(
    /^# Sampler .*^## categorical\(\) .*\(options\.md#options\)/ms,
  );
  expect(followParts(textOf(own, "options"), targets, "options")).toMatch(
    /^## BitsOptions .*\[`Key`\]\(types\.md#key-1\)/ms,
  );
  expect(textOf(own, "resolved")).toMatch(/^## ResolvedCall /m);
});

it("a type that core has in the same words stands there alone, and links lead there", () => {
  const { own, targets } = withoutShared(other, core, "../core/");
  const types = followParts(textOf(own, "types"), targets, "types");
  expect(types).toContain(
    "Extends [`BitsOptions`](../core/options.md#options), has a [`Key`](../core/types.md#key-1)",
  );
  expect(types).not.toMatch(/^### (BitsOptions|Key)/m);
  expect(targets.get("property-key-4")).toBe("../core/options.md#property-key");
});

it("links of another entry point's page lead to the parts", () => {
  const { targets } = withoutShared(core, [], "../core/");
  expect(followParts("[`Sampler`](index.md#sampler)", targets)).toBe("[`Sampler`](sampler.md#sampler)");
});
