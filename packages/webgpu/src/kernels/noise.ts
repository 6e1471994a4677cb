// Words and Gumbel noise, one element an invocation.
import { createKernel, type Kernel, type NoiseVariant } from "./kernel.ts";
import { entryWgsl, type Team } from "./team.ts";
import type { TensorBinding } from "./tensors.ts";

/** Tensors: `output`. A row is an element of the noise shape. Without a precision the words themselves. */
export function noiseKernel(team: Team, noise: NoiseVariant, tensors: readonly TensorBinding[]): Kernel {
  return createKernel("noise", { team }, tensors, noise, () => ({
    directives: "",
    functions: [
      entryWgsl(team),
      /* wgsl */ `
fn work(job: Job) {
  let offset = vec2(params.offset_hi, params.offset_lo);
  let stride = vec2(params.row_stride_hi, params.row_stride_lo);
  let counter = counter_of(offset, stride, job.row / params.columns, job.row % params.columns);
  let block = threefry_2x32(vec2(params.key_hi, params.key_lo), counter);
  store_output(job.row, ${noise === "none" ? "block.x ^ block.y" : "bitcast<u32>(gumbel_of(block))"});
}
`,
    ],
  }));
}
