// Log-probability of one category of each row among those that its filters keep: −distance − log(mass), of a single thread a row.
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import { entryWgsl, type ThreadGroup } from "../../shader/thread-group.ts";
import { log1pCoreWgsl, logCoreWgsl } from "../../wgsl/index.ts";
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";
import { CUT_WORDS } from "./cut-kernel.ts";
import { cutWgsl } from "./descent.ts";
import { distancesWgsl } from "./distances.ts";
import type { LogitsVariant } from "./gather-kernel.ts";
import { logitsWgsl, optionOf } from "./row-options.ts";

/** Tensors: `logits`, `options`, `masks`, `cuts`, `indices`, `output`. */
export function keptLogProbKernel(
  variant: LogitsVariant & { readonly group: ThreadGroup },
  tensors: readonly TensorBinding[],
): Kernel {
  const { group, hasUnitStep, hasMask } = variant;
  return createKernel("kept-log-prob", variant, tensors, () => ({
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep),
      logitsWgsl(hasMask),
      distancesWgsl,
      cutWgsl,
      log1pCoreWgsl,
      logCoreWgsl,
      /* wgsl */ `
fn work(job: Job) {
  let at = ${CUT_WORDS}u * job.row;
  let peak = load_cuts(at);
  let index = load_indices(job.row);
  if (peak == 0u || peak == ${DEGENERATE} || index >= params.categories) {
    store_output(job.row, 0x7fc00000u);
    return;
  }
  begin_logits(job.row);
  begin_distances(peak);
  let order = order_at(index);
  let is_kept = order != 0u && reaches(Cut(load_cuts(at + 1u), load_cuts(at + 2u)), order, index);
  let distance = distance_of(order, ${optionOf("scale", "job.row")}, ${optionOf("limit", "job.row")});
  let mass = fma(f32(load_cuts(at + 4u)), 0x1p32f, f32(load_cuts(at + 5u))) / params.mass_scale;
  let log_prob = max(-distance - log_core(mass), -3.4028234e38f);
  store_output(job.row, select(0xff800000u, bitcast<u32>(log_prob), is_kept));
}
`,
    ],
  }));
}
