// Writes SPEC.md beside this package's manifest from the clauses:  pnpm --filter @gumbel/core write-spec
import { writeFileSync } from "node:fs";
import { specMarkdown } from "../dist/spec.js";

writeFileSync(new URL("../SPEC.md", import.meta.url), specMarkdown());
