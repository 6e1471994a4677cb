// Random words x0 ^ x1 and Gumbel noise −log(−log u), one element a thread.
import { createKernel, type Kernel, type NoiseVariant } from "../../shader/kernel.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type ThreadGroup } from "../../shader/thread-group.ts";

/** Tensors: `output`. A row is an element of the noise shape. Without noise the words themselves. */
export function noiseKernel(
  group: ThreadGroup,
  noise: NoiseVariant,
  tensors: readonly TensorBinding[],
): Kernel {
  return createKernel("noise", { group, noise }, tensors, () => ({
    functions: [
      entryWgsl(group),
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
