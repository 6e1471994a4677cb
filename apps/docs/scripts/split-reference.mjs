// Splits the reference of a package's main entry point, which would be a page of 70,000 px: functions and classes stay, the methods of a
// sampler, the options of operations, resolved calls and other types get pages of their own, and what is the same in @gumbel/core stands
// there alone. Links follow.

/** Groups of typedoc that go to the page of types. */
const TYPES = /^## (Interfaces|Type Aliases|References)$/m;
const ANCHOR = / \{#([\w-]+)\}$|<a id="([\w-]+)">/gm;

/** Members of pages of their own, where a package has so many. */
const LARGE = { sampler: /^### Sampler /, options: /^### \w+Options /, resolved: /^### Resolved\w+ / };

/** @typedef {keyof typeof LARGE} Part */
/**
 * @typedef {object} Member a function, class or type, or the heading of a group of them
 * @property {string} part the page that it stands on
 * @property {string} text
 */

/**
 * The members of a page, in order.
 *
 * @param {string} text as typedoc writes it, with its anchors in the headings
 * @param {readonly Part[]} large the parts that have pages of their own beside functions and types
 * @returns {Member[]}
 */
export function membersOf(text, large) {
  return text.split(/^(?=## )/m).flatMap((group) => {
    const isOfTypes = TYPES.test(group);
    return group.split(/^(?=### )/m).map((member) => {
      const part = large.find((name) => isOfTypes && LARGE[name].test(member));
      if (part === undefined) return { part: isOfTypes ? "types" : "index", text: member };
      // The sampler is the title of its page; the others stand below one.
      const heading = part === "sampler" ? "$1" : "#$1";
      return { part, text: member.replaceAll(/^##(#+ )/gm, heading) };
    });
  });
}

/**
 * Takes out the types that another package has in the same words, and says where the anchors of all are.
 *
 * @param {readonly Member[]} members
 * @param {readonly Member[]} others of the other package
 * @param {string} folder of the other package, as a link names it
 * @returns {{ own: Member[], targets: Map<string, string> }} the members that stay, and targets of links by anchor
 */
export function withoutShared(members, others, folder) {
  const there = new Map(others.filter(isOfTypes).map((other) => [wordsOf(other), other]));
  /** @type {Member[]} */
  const own = [];
  /** @type {Map<string, string>} */
  const targets = new Map();
  for (const member of members) {
    const other = isOfTypes(member) ? there.get(wordsOf(member)) : undefined;
    if (other === undefined) own.push(member);
    const page = other === undefined ? `${member.part}.md` : `${folder}${other.part}.md`;
    const anchors = anchorsOf(other ?? member);
    for (const [i, anchor] of anchorsOf(member).entries()) targets.set(anchor, `${page}#${anchors[i]}`);
  }
  return { own, targets };
}

/**
 * Makes the links of a text to anchors of an undivided page lead to where they are now.
 *
 * @param {string} text
 * @param {ReadonlyMap<string, string>} targets
 * @param {string} [own] the part that the text is, where it is one
 * @param {string} [page] the undivided page
 */
export function followParts(text, targets, own, page = "index") {
  const links = new RegExp(`\\]\\(${own === undefined ? `${page}\\.md` : ""}#([\\w-]+)\\)`, "g");
  return text.replaceAll(links, (whole, anchor) => {
    const target = targets.get(anchor);
    return target === undefined || target.startsWith(`${own}.md#`) ? whole : `](${target})`;
  });
}

/** A member that is a type or the interface of a sampler, not the heading of a group. */
function isOfTypes(/** @type {Member} */ { part, text }) {
  return part !== "index" && !(part === "types" && text.startsWith("## "));
}

/**
 * Anchors that links name, in order: not those of sections within a member.
 *
 * @param {Member} member
 */
function anchorsOf({ text }) {
  const anchors = Array.from(text.matchAll(ANCHOR), ([, heading, row]) => heading ?? row);
  return anchors.filter((anchor) => !anchor.startsWith("section-"));
}

/**
 * The words of a member, without what differs between packages that have the same: anchors, levels of headings, targets of links, and the
 * order of a union.
 *
 * @param {Member} member
 */
function wordsOf({ text }) {
  return text
    .replaceAll(ANCHOR, "")
    .replaceAll(/^#+ /gm, "")
    .replaceAll(/\]\([^)]*\)/g, "]")
    .replaceAll(/[[\]()\\]|^\*\*\*$/gm, " ")
    .split("\n")
    .map((line) => (line.match(/[^\s|]+/g) ?? []).sort().join(" "))
    .filter((line) => line !== "")
    .join("\n");
}
