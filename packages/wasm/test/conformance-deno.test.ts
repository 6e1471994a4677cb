// The quick suite in Deno, every call on its module workers.
import { describeConformanceInDeno } from "@gumbel-tools/deno";

describeConformanceInDeno("wasm, two workers", new URL("deno/two-workers.ts", import.meta.url));
