// Plans gumbelTopK: repeated selection for short rows; for long ones a gathered list, and runs sorted and merged in
// workgroup memory where the list overflows or k is large; a sort through memory where k is beyond what a workgroup sorts.
import { type ResolvedGumbelTopK, rowCountOf } from "@gumbel/core/adapter";
import type { Plan, Planner, Use } from "../../plan/planner.ts";
import { planRows, singleThread } from "../../plan/row-plan.ts";
import { rowParams, temperatureParams } from "../../shader/params.ts";
import { rowVariantOf } from "../../shader/row-layout.ts";
import { ARGMAX_WORDS } from "../argmax/argmax.ts";
import { planArgmax } from "../argmax/plan-argmax.ts";
import type { BoundOf } from "../gather/bound-kernel.ts";
import { MOST_GATHERED, planBound, SHORTEST_GATHERED } from "../gather/plan-bound.ts";
import { type Fallback, planFallback } from "../gather/plan-fallback.ts";
import { gatherKernel, perturbedElements } from "./gather-kernel.ts";
import { listKernel } from "./list-kernel.ts";
import { selectKernel } from "./select-kernel.ts";
import { candidatesKernel, emitKernel, exchangeKernel, sortKernel } from "./sort-kernels.ts";

/** Rows up to this length are selected from place by place. */
const SHORT_ROW = 64;
/** Candidates that a workgroup sorts: three words each within WebGPU's least 16 KiB of workgroup memory. */
const LONGEST_RUN = 1024;

/** Places that are gathered: more would need more segments. */
const MOST_GATHERED_PLACES = 256;

/** As many candidates as there are places must reach the bound; all that are not masked, where there are fewer. */
const PLACES_RULE: BoundOf = {
  name: "places",
  rank: "fn rank_of(row: u32) -> u32 { return params.places; }\n",
  bound:
    "fn bound_of(row: u32, ranked: vec2<u32>, peak: u32) -> vec2<u32> { return max(ranked, vec2(1u, 0u)); }\n",
  // Noise tells them apart.
  hasTies: false,
};

const GATHERED: Use = { name: "gathered", access: "read" };
const CANDIDATES = (access: Use["access"]): Use => ({ name: "candidates", access });
const RESULTS: readonly Use[] = [
  { name: "values", access: "read_write" },
  { name: "indices", access: "read_write" },
];

/** Tensors: `logits`, `values`, `indices`. */
export function planTopK(call: ResolvedGumbelTopK): Plan {
  const { layout, k, noise, temperature } = call;
  if (k === 1) return planArgmax(call, temperature, noise, "values");
  return (planner) => {
    if (layout.categories <= SHORT_ROW) selectPlaces(planner, call);
    else if (k <= MOST_GATHERED_PLACES && layout.categories >= SHORTEST_GATHERED) gatherPlaces(planner, call);
    else if (k <= LONGEST_RUN / 2) sortRuns(planner, call);
    else sortAll(planner, call);
  };
}

function selectPlaces(planner: Planner, call: ResolvedGumbelTopK): void {
  const { layout } = call;
  const rows = rowCountOf(layout);
  fillCandidates(planner, call, layout.categories);
  const { group } = planRows({ ...layout, rows }, planner.facts);
  planner.step((bound) => selectKernel(group, bound), {
    uses: [CANDIDATES("read"), ...RESULTS],
    params: [paramsOf(call), { candidates: layout.categories, chunks: 1 }],
    group,
    rows,
    jobsPerRow: 1,
  });
}

/** Rows whose list overflows are sorted instead: the GPU knows, nobody else does. */
function gatherPlaces(planner: Planner, call: ResolvedGumbelTopK): void {
  const { layout, k } = call;
  const { facts } = planner;
  const rows = rowCountOf(layout);
  const variant = variantOf(call);
  const params = paramsOf(call);
  const logits: Use = { name: "logits", access: "read" };
  planBound(planner, {
    elements: perturbedElements(variant),
    uses: [logits],
    rule: PLACES_RULE,
    ruleUses: [],
    params,
    rows,
    rank: k,
  });
  const { group, chunks, chunkLength } = planRows({ ...layout, rows }, facts);
  const hasSubgroups = facts.hasSubgroups && group.kind !== "single-thread";
  planner.scratch("list", ARGMAX_WORDS * MOST_GATHERED * rows);
  planner.step((bound) => gatherKernel({ group, hasSubgroups, ...variant }, bound), {
    uses: [
      logits,
      { name: "bounds", access: "read" },
      { name: "gathered", access: "atomic" },
      { name: "list", access: "read_write" },
    ],
    params: [params, { chunks, chunk_length: chunkLength }],
    group,
    rows,
    jobsPerRow: chunks,
  });
  const workgroupSize = Math.min(facts.tuning.workgroupSizes[1], facts.maxWorkgroupSize);
  const fallback = planFallback(planner);
  planner.step((bound) => listKernel(workgroupSize, bound), {
    uses: [{ name: "candidates", access: "read", of: "list" }, GATHERED, ...fallback.uses, ...RESULTS],
    params: [params, { chunks: 1 }],
    group: { kind: "workgroup", workgroupSize },
    rows,
    jobsPerRow: 1,
  });
  sortRuns(planner, call, fallback);
}

function sortRuns(planner: Planner, call: ResolvedGumbelTopK, fallback?: Fallback): void {
  const { layout, k } = call;
  const { maxWorkgroupSize, tuning } = planner.facts;
  const rows = rowCountOf(layout);
  let candidates = layout.categories;
  for (let round = 0; candidates > k || round === 0; round++) {
    const run = Math.min(LONGEST_RUN, 2 ** Math.ceil(Math.log2(candidates)));
    const workgroupSize = Math.min(tuning.sortWorkgroup, run / 2, maxWorkgroupSize);
    const runs = Math.ceil(candidates / run);
    const isFirst = round === 0;
    const isLast = runs === 1;
    // Two scratch buffers take turns: what a round reads the next one overwrites.
    const [from, to] = round % 2 === 0 ? ["even", "odd"] : ["odd", "even"];
    if (!isLast && round < 2) planner.scratch(to, ARGMAX_WORDS * rows * runs * k);
    const variant = {
      run,
      workgroupSize,
      ...(isFirst ? variantOf(call) : ({ noise: "none", hasUnitStep: true } as const)),
      source: isFirst ? "logits" : "candidates",
      target: isLast ? "result" : "kept",
      isFallback: fallback !== undefined,
    } as const;
    const grid = planner.step((bound) => sortKernel(variant, bound), {
      uses: [
        isFirst ? { name: "logits", access: "read" } : { name: "candidates", access: "read", of: from },
        ...(fallback === undefined ? [] : [GATHERED]),
        ...(isLast ? RESULTS : [{ name: "kept", access: "read_write", of: to } as const]),
      ],
      params: [paramsOf(call), { candidates, chunks: runs }],
      group: { kind: "workgroup", workgroupSize },
      rows,
      jobsPerRow: runs,
      ...fallback?.stepAt(round),
    });
    fallback?.setGrid(round, grid);
    if (isLast) break;
    candidates = runs * k;
  }
}

function sortAll(planner: Planner, call: ResolvedGumbelTopK): void {
  const { layout } = call;
  const rows = rowCountOf(layout);
  const group = singleThread(planner.facts);
  const candidates = 2 ** Math.ceil(Math.log2(layout.categories));
  fillCandidates(planner, call, candidates);
  for (let width = 2; width <= candidates; width *= 2) {
    for (let distance = width / 2; distance >= 1; distance /= 2) {
      planner.step((bound) => exchangeKernel(group, bound), {
        uses: [CANDIDATES("read_write")],
        params: { candidates, distance, mirrored: distance === width / 2 ? 1 : 0 },
        group,
        rows,
        jobsPerRow: candidates / 2,
      });
    }
  }
  planner.step((bound) => emitKernel(group, bound), {
    uses: [CANDIDATES("read"), ...RESULTS],
    params: [paramsOf(call), { candidates }],
    group,
    rows,
    jobsPerRow: call.k,
  });
}

/** Candidates of whole rows, padded to `candidates` a row. */
function fillCandidates(planner: Planner, call: ResolvedGumbelTopK, candidates: number): void {
  const rows = rowCountOf(call.layout);
  const group = singleThread(planner.facts);
  planner.scratch("candidates", ARGMAX_WORDS * rows * candidates);
  planner.step((bound) => candidatesKernel({ group, ...variantOf(call) }, bound), {
    uses: [{ name: "logits", access: "read" }, CANDIDATES("read_write")],
    params: [paramsOf(call), { candidates }],
    group,
    rows,
    jobsPerRow: candidates,
  });
}

function variantOf({ layout, noise }: ResolvedGumbelTopK) {
  return { ...rowVariantOf(layout, noise), noise: noise.precision };
}

function paramsOf({ layout, noise, temperature, k }: ResolvedGumbelTopK) {
  return [rowParams(layout, noise), temperatureParams(temperature), { places: k }];
}
