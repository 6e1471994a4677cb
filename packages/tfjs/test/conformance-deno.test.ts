// The quick suite on naga, the shader compiler of Firefox and Deno.
import { describeConformanceInDeno } from "@gumbel-tools/deno";

describeConformanceInDeno("tfjs webgpu", new URL("deno/webgpu.ts", import.meta.url));
