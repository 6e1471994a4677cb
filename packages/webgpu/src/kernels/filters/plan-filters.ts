// Plans calls with filters, or with temperatures, masks or keys of rows: a bound of each row and a list of what reaches it, its
// cut, then the draw or the log-probability. No row is sorted.
import {
  type FilterName,
  type ResolvedCategorical,
  type ResolvedDecoding,
  type ResolvedLogProb,
  type RowLayout,
  rowCountOf,
} from "@gumbel/core/adapter";
import type { Plan, Planner, Use } from "../../plan/planner.ts";
import { planRows, singleThread } from "../../plan/row-plan.ts";
import { noiseParams, type ParamFields, type Params, rowParams } from "../../shader/params.ts";
import { ARGMAX_WORDS } from "../argmax/argmax.ts";
import { reducePartialsKernel } from "../argmax/argmax-kernels.ts";
import {
  BOUND_USES,
  MOST_GATHERED,
  type PeaksWork,
  planBound,
  planPeaks,
  SHORTEST_GATHERED,
} from "../gather/plan-bound.ts";
import { CUT_WORDS, cutKernel } from "./cut-kernel.ts";
import { drawKernel } from "./draw-kernel.ts";
import { FILTER_RULE, gatherLogitsKernel, logitElements } from "./gather-kernel.ts";
import { keptLogProbKernel } from "./log-prob-kernel.ts";
import { packRows, type RowOptions, rowUses } from "./row-options.ts";
import { SHORT_ROW, shortCutKernel } from "./short-cut-kernel.ts";
import { windowKernel } from "./window-kernel.ts";

/** The filters that the kernels have. */
export const FILTERS: readonly FilterName[] = ["mask", "topK", "topP", "minP"];

/** Rows from this length on have windows: in shorter ones a cut is found as soon as a window. */
const SHORTEST_WINDOWED = 8192;

/** Elements that a window has at most. */
const LONGEST_WINDOW = 16_384;

/** How much of a row is gathered: with a window a tenth of it, so that a sketch knows well enough where. */
function gatheringParams({ categories }: RowLayout, hasWindows: boolean, sketched: number): ParamFields {
  if (!hasWindows) return { list_length: MOST_GATHERED };
  const tenth = 2 ** Math.round(Math.log2(categories / 10));
  return {
    list_length: Math.min(LONGEST_WINDOW, Math.max(MOST_GATHERED, tenth)),
    sketch_step: Math.max(16, Math.ceil(categories / sketched)),
  };
}

const read = (name: string, of = name): Use => ({ name, access: "read", of });
const write = (name: string, of = name): Use => ({ name, access: "read_write", of });

/** Rows that are ready to be drawn from. */
interface Rows {
  readonly layout: RowLayout;
  readonly hasUnitStep: boolean;
  readonly hasMask: boolean;
  readonly options: RowOptions;
  readonly params: Params;
  /** Elements that a row's list has room for. */
  readonly listLength: number;
  readonly uses: readonly Use[];
  /** Whether there are lists. */
  readonly hasList: boolean;
}

/** Tensors: `logits`, `indices`. */
export function planFilteredCategorical(call: ResolvedCategorical, decoding: ResolvedDecoding): Plan {
  return (planner) => {
    const rows = beginRows(planner, decoding, call.layout);
    if (rows.options.isCut) planCuts(planner, rows, false);
    planDraw(planner, rows, call, decoding.keys !== undefined);
  };
}

/** Tensors: `logits`, `indices`, `logProbs`. */
export function planFilteredLogProb(call: ResolvedLogProb, decoding: ResolvedDecoding): Plan {
  return (planner) => {
    const rows = beginRows(planner, decoding, call.layout);
    const { hasUnitStep, hasMask, uses, params } = rows;
    planCuts(planner, rows, true);
    const group = singleThread(planner.facts);
    planner.step((bound) => keptLogProbKernel({ group, hasUnitStep, hasMask }, bound), {
      uses: [...uses, read("cuts"), read("indices"), write("output", "logProbs")],
      params: [params, { chunks: 1 }],
      group,
      rows: rowCountOf(call.layout),
      jobsPerRow: 1,
    });
  };
}

function beginRows(planner: Planner, decoding: ResolvedDecoding, layout: RowLayout): Rows {
  const options = packRows(decoding, layout);
  const shortestListed = options.needsWindow ? SHORTEST_WINDOWED : SHORTEST_GATHERED;
  const hasMask = options.mask !== undefined;
  const gathering = gatheringParams(layout, options.needsWindow, planner.facts.tuning.sketched);
  planner.data("options", options.words);
  if (options.mask !== undefined) planner.data("masks", options.mask);
  return {
    layout,
    hasUnitStep: layout.inner === 1,
    hasMask,
    options,
    params: [rowParams(layout), options.params, gathering],
    listLength: gathering.list_length!,
    uses: rowUses(hasMask),
    hasList: options.largestRank > 0 && layout.categories >= shortestListed,
  };
}

/** Fills `cuts`, and `list` where there are lists. */
function planCuts(planner: Planner, rows: Rows, sumsKept: boolean): void {
  const { layout, hasUnitStep, hasMask, options, params, uses, hasList } = rows;
  const { facts } = planner;
  const { needsWindow: hasWindows, largestRank } = options;
  const count = rowCountOf(layout);
  if (layout.categories <= SHORT_ROW) {
    const group = singleThread(facts);
    planner.scratch("cuts", CUT_WORDS * count);
    planner.step((bound) => shortCutKernel({ group, hasMask, hasUnitStep }, bound), {
      uses: [...uses, write("cuts")],
      params: [params, { chunks: 1 }],
      group,
      rows: count,
      jobsPerRow: 1,
    });
    return;
  }
  if (hasList) {
    const work = {
      elements: logitElements({ hasUnitStep, hasMask }),
      uses: uses.filter(({ name }) => name !== "options"),
      params,
      rows: count,
      rank: largestRank,
    };
    if (hasWindows) planWindows(planner, rows, work);
    else planBound(planner, { ...work, rule: FILTER_RULE, ruleUses: [read("options")] });
    const { group, chunks, chunkLength } = planRows({ ...layout, rows: count }, facts);
    const hasSubgroups = facts.hasSubgroups && group.kind !== "single-thread";
    const variant = { group, hasSubgroups, hasUnitStep, hasMask, hasWindows };
    planner.scratch("list", 2 * rows.listLength * count);
    planner.step((bound) => gatherLogitsKernel(variant, bound), {
      uses: [...uses, read("bounds"), { name: "gathered", access: "atomic" }, write("list")],
      params: [params, { chunks, chunk_length: chunkLength }],
      group,
      rows: count,
      jobsPerRow: chunks,
    });
  }
  const workgroupSize = Math.min(facts.tuning.workgroupSizes[1], facts.maxWorkgroupSize);
  const group = { kind: "workgroup", workgroupSize } as const;
  planner.scratch("cuts", CUT_WORDS * count);
  planner.step((bound) => cutKernel({ group, hasList, hasMask, hasUnitStep, sumsKept }, bound), {
    uses: [...uses, ...(hasList ? [read("bounds"), read("gathered"), read("list")] : []), write("cuts")],
    params: [params, { chunks: 1 }],
    group,
    rows: count,
    jobsPerRow: 1,
  });
}

/** Fills `bounds` with windows. */
function planWindows(planner: Planner, { hasUnitStep, hasMask, uses }: Rows, work: PeaksWork): void {
  const { group, params } = planPeaks(planner, work, true);
  planner.step((bound) => windowKernel({ group, hasUnitStep, hasMask }, bound), {
    uses: [...uses, read("peaks"), ...BOUND_USES],
    params,
    group,
    rows: work.rows,
    jobsPerRow: 1,
  });
}

function planDraw(planner: Planner, rows: Rows, { noise }: ResolvedCategorical, isKeyed: boolean): void {
  const { layout, hasMask, options, uses } = rows;
  const { facts } = planner;
  const { isCut } = options;
  const count = layout.samples * rowCountOf(layout);
  const hasList = isCut && rows.hasList;
  const { group, chunks, chunkLength } = planRows({ ...layout, rows: count }, facts);
  const hasUnitStep = layout.inner === 1 && noise.columns === layout.categories;
  const isLazy = hasUnitStep && group.kind !== "single-thread";
  const isChunked = chunks > 1;
  const variant = {
    ...{ group, noise: noise.precision, hasUnitStep, hasMask, isKeyed, isCut, hasList, isLazy },
    hasSubgroups: isLazy && facts.hasSubgroups,
    output: isChunked ? "partials" : "indices",
  } as const;
  // Under its own key a row has the counters of a row alone.
  const counters = noiseParams(noise, isKeyed ? { ...layout, outer: 1, inner: 1 } : layout);
  const params = [rows.params, counters, { chunks, chunk_length: chunkLength }];
  if (isChunked) planner.scratch("partials", ARGMAX_WORDS * count * chunks);
  planner.step((bound) => drawKernel(variant, bound), {
    uses: [
      ...uses,
      ...(isCut ? [read("cuts")] : []),
      ...(hasList ? [read("list")] : []),
      write(isChunked ? "partials" : "indices"),
    ],
    params,
    group,
    rows: count,
    jobsPerRow: chunks,
  });
  if (!isChunked) return;
  const reducing = planRows({ ...layout, rows: count, categories: chunks }, facts).group;
  const reduceVariant = { group: reducing, hasUnitStep: layout.inner === 1, output: "indices" } as const;
  planner.step((bound) => reducePartialsKernel(reduceVariant, bound), {
    uses: [read("partials"), write("indices")],
    params: [params, { candidates: chunks, chunks: 1 }],
    group: reducing,
    rows: count,
    jobsPerRow: 1,
  });
}
