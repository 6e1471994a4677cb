// The spec entry: the clauses and their rendering.
export { CHAPTERS, type Chapter, CLAUSES, type Clause, clauseText } from "./clauses.ts";
export { specMarkdown } from "./markdown.ts";
