// The argmax of the perturbed logits that a row's filters keep, at its own temperature and under its own key; of each row, or of
// each chunk of it. A row whose list was kept is drawn from the list, by its first chunk alone.
import type { Precision } from "@gumbel/core/shared";
import { createKernel, type Kernel } from "../../shader/kernel.ts";
import { noiseAtWgsl } from "../../shader/noise-at.ts";
import { rowLayoutWgsl } from "../../shader/row-layout.ts";
import type { TensorBinding } from "../../shader/tensors.ts";
import {
  directivesOf,
  entryWgsl,
  reduceWgsl,
  SUBGROUP_DIRECTIVES,
  type ThreadGroup,
} from "../../shader/thread-group.ts";
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";
import { ARGMAX, argmaxAtWgsl, storeArgmaxWgsl } from "../argmax/argmax.ts";
import { lazyArgmaxWgsl } from "../argmax/lazy-argmax.ts";
import { CUT_WORDS } from "./cut-kernel.ts";
import { cutWgsl } from "./descent.ts";
import type { LogitsVariant } from "./gather-kernel.ts";
import { logitsWgsl, optionOf } from "./row-options.ts";

/** Variant of {@link drawKernel}. */
export interface DrawVariant extends LogitsVariant {
  readonly group: ThreadGroup;
  readonly noise: Precision;
  /** Whether rows have keys of their own. */
  readonly isKeyed: boolean;
  /** Whether rows have cuts, and lists. */
  readonly isCut: boolean;
  readonly hasList: boolean;
  readonly output: "indices" | "partials";
  /** Whether logarithms are taken only where they matter; needs counters that follow one another. */
  readonly isLazy: boolean;
  /** Whether subgroup operations may be used. */
  readonly hasSubgroups: boolean;
}

/** Tensors: `logits`, `options`, `masks`, `cuts`, `list`, then `indices` or `partials`. */
export function drawKernel(variant: DrawVariant, tensors: readonly TensorBinding[]): Kernel {
  const { group, hasUnitStep, hasMask, isKeyed, isCut, hasList, isLazy, hasSubgroups, output } = variant;
  const drawn = "best = argmax_of_chunk(0u, counter, begin, end, job.lane);";
  const fromList = `if (length > 0u) {
    if (job.chunk == 0u) { best = argmax_of_list(row * params.list_length, length, counter, job.lane); }
  } else { ${drawn} }`;
  return createKernel("draw", variant, tensors, () => ({
    directives: isLazy && hasSubgroups ? SUBGROUP_DIRECTIVES : directivesOf(group),
    functions: [
      entryWgsl(group),
      rowLayoutWgsl(hasUnitStep, isKeyed),
      "var<private> row_temperature: f32;\nvar<private> row_key: vec2<u32>;\n",
      argmaxAtWgsl("row_temperature"),
      reduceWgsl(group, ARGMAX),
      noiseAtWgsl(variant, "row_key"),
      logitsWgsl(hasMask),
      cutWgsl,
      keptWgsl(isCut),
      isLazy
        ? lazyArgmaxWgsl(group, hasSubgroups, {
            temperature: "row_temperature",
            load: (category) => `kept_logit(${category})`,
          })
        : argmaxOfChunkWgsl,
      hasList ? argmaxOfListWgsl : "",
      storeArgmaxWgsl(output),
      /* wgsl */ `
fn work(job: Job) {
  let row = job.row % params.logits_rows;
  begin_logits(row);
  row_temperature = ${optionOf("temperature", "row")};
  row_key = ${isKeyed ? `vec2(${optionOf("key_hi", "row")}, ${optionOf("key_lo", "row")})` : "vec2(params.key_hi, params.key_lo)"};
  let counter = row_counter(job.row);
  let begin = job.chunk * params.chunk_length;
  let end = min(begin + params.chunk_length, params.categories);
  var best = NO_ARGMAX;
  ${
    isCut
      ? `let at = ${CUT_WORDS}u * row;
  let peak = load_cuts(at);
  let length = load_cuts(at + 3u);
  cut_of_row = Cut(load_cuts(at + 1u), load_cuts(at + 2u));
  if (peak == 0u || peak == ${DEGENERATE}) { best = Argmax(peak, NO_REST, 0u); }
  else { ${hasList ? fromList : drawn} }`
      : drawn
  }
  store_argmax(reduce_argmax(best, job.lane), job);
}
`,
    ],
  }));
}

/** `fn kept_logit(j: u32) -> u32`: bits of a logit, those of −∞ where the category is left out. */
function keptWgsl(isCut: boolean): string {
  if (!isCut) return "fn kept_logit(j: u32) -> u32 { return logit_at(j); }\n";
  return /* wgsl */ `
var<private> cut_of_row: Cut;
fn kept_logit(j: u32) -> u32 {
  let bits = logit_at(j);
  return select(0xff800000u, bits, reaches(cut_of_row, order_of(bits), j));
}
`;
}

const argmaxOfChunkWgsl = /* wgsl */ `
fn argmax_of_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Argmax {
  var best = NO_ARGMAX;
  for (var j = begin + lane; j < end; j += LANES) {
    let bits = kept_logit(j);
    if (is_degenerate(bits)) { return Argmax(${DEGENERATE}, NO_REST, 0u); }
    best = larger(best, argmax_of(bits, gumbel_at(counter, j), j));
  }
  return best;
}
`;

const argmaxOfListWgsl = /* wgsl */ `
fn argmax_of_list(first: u32, length: u32, counter: vec2<u32>, lane: u32) -> Argmax {
  var best = NO_ARGMAX;
  for (var i = lane; i < length; i += LANES) {
    let order = load_list(2u * (first + i));
    let j = load_list(2u * (first + i) + 1u);
    if (reaches(cut_of_row, order, j)) {
      best = larger(best, argmax_of(bits_of_sortable(order), gumbel_at(counter, j), j));
    }
  }
  return best;
}
`;
