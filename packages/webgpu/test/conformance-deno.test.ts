// The quick suite on naga, the compiler of Firefox and Deno.
import { describeConformanceInDeno } from "@gumbel-tools/deno";

describeConformanceInDeno("webgpu", new URL("../src/conformance.ts", import.meta.url));
