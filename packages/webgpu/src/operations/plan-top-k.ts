// Top-k: repeated selection for short rows, runs sorted and merged in workgroup memory for long ones, a sort through
// memory where k is beyond what a workgroup sorts.
import type { ResolvedTopK } from "@gumbel/core/adapter";
import { noiseParams, rowParams } from "../kernels/params.ts";
import { candidatesKernel, emitKernel, exchangeKernel, selectKernel, sortKernel } from "../kernels/top-k.ts";
import type { GpuFacts } from "../plan/gpu-facts.ts";
import { isSoftwareGpu, loneTeam, planRows } from "../plan/plan-rows.ts";
import { createPlanner, type Planner, type TensorPlaces, type Use } from "../plan/planner.ts";
import type { Program } from "../plan/program.ts";
import { planBest } from "./plan-best.ts";
import { noiseVariantOf, rowCount } from "./rows.ts";

/** Rows up to this length are picked from place by place. */
const SHORT_ROW = 64;
/** Candidates that a workgroup sorts: pairs of words within WebGPU's least 16 KiB of workgroup memory. */
const LONGEST_RUN = 1024;

const PAIRS = (access: Use["access"]): Use => ({ name: "pairs", access });
const RESULTS: readonly Use[] = [
  { name: "output", access: "read_write" },
  { name: "indices", access: "read_write" },
];

/** Plans `topK`. Tensors: `logits`, `output` (the values), `indices`. */
export function planTopK(facts: GpuFacts, call: ResolvedTopK, tensors: TensorPlaces): Program {
  const { rows, k, noise } = call;
  if (k === 1) return planBest(facts, call, noise, "values", tensors);
  const planner = createPlanner(facts, tensors);
  if (rows.classes <= SHORT_ROW) selectPlaces(planner, call);
  else if (k <= LONGEST_RUN / 2) sortRuns(planner, call);
  else sortAll(planner, call);
  return planner.program();
}

function selectPlaces(planner: Planner, call: ResolvedTopK): void {
  const rows = rowCount(call.rows);
  fillCandidates(planner, call, call.rows.classes);
  const { team } = planRows({ ...call.rows, rows }, planner.facts);
  planner.step((bound) => selectKernel(team, bound), {
    uses: [PAIRS("read"), ...RESULTS],
    params: { ...rowParams(call.rows), candidates: call.rows.classes, places: call.k, chunks: 1 },
    team,
    rows,
    jobsPerRow: 1,
  });
}

function sortRuns(planner: Planner, { rows: layout, noise, k }: ResolvedTopK): void {
  const rows = rowCount(layout);
  const lanes = isSoftwareGpu(planner.facts) ? 64 : 256;
  const noiseVariant = noiseVariantOf(noise, layout);
  let candidates = layout.classes;
  for (let round = 0; candidates > k || round === 0; round++) {
    const run = Math.min(LONGEST_RUN, 2 ** Math.ceil(Math.log2(candidates)));
    const workgroupSize = Math.min(lanes, run / 2, planner.facts.maxWorkgroupSize);
    const runs = Math.ceil(candidates / run);
    const isFirst = round === 0;
    const isLast = runs === 1;
    // Two scratch buffers take turns: what a round reads the next one overwrites.
    const [from, to] = round % 2 === 0 ? ["even", "odd"] : ["odd", "even"];
    if (!isLast && round < 2) planner.scratch(to, 2 * rows * runs * k);
    const variant = {
      run,
      workgroupSize,
      ...(isFirst ? noiseVariant : ({ noise: "none", hasUnitStep: true } as const)),
      source: isFirst ? "logits" : "pairs",
      target: isLast ? "output" : "pairs",
    } as const;
    planner.step((bound) => sortKernel(variant, bound), {
      uses: [
        isFirst ? { name: "logits", access: "read" } : { name: "pairs", access: "read", of: from },
        ...(isLast ? RESULTS : [{ name: "kept", access: "read_write", of: to } as const]),
      ],
      params: {
        ...rowParams(layout),
        ...(isFirst ? noiseParams(noise, layout) : {}),
        candidates,
        places: k,
        chunks: runs,
      },
      team: { kind: "workgroup", workgroupSize },
      rows,
      jobsPerRow: runs,
    });
    if (isLast) break;
    candidates = runs * k;
  }
}

function sortAll(planner: Planner, call: ResolvedTopK): void {
  const { rows: layout, k } = call;
  const rows = rowCount(layout);
  const team = loneTeam(planner.facts);
  const candidates = 2 ** Math.ceil(Math.log2(layout.classes));
  fillCandidates(planner, call, candidates);
  for (let width = 2; width <= candidates; width *= 2) {
    for (let distance = width / 2; distance >= 1; distance /= 2) {
      planner.step((bound) => exchangeKernel(team, bound), {
        uses: [PAIRS("read_write")],
        params: { candidates, distance, mirrored: distance === width / 2 ? 1 : 0 },
        team,
        rows,
        jobsPerRow: candidates / 2,
      });
    }
  }
  planner.step((bound) => emitKernel(team, bound), {
    uses: [PAIRS("read"), ...RESULTS],
    params: { ...rowParams(layout), candidates, places: k },
    team,
    rows,
    jobsPerRow: k,
  });
}

/** Perturbed logits of whole rows as candidates, padded to `candidates` a row. */
function fillCandidates(planner: Planner, { rows: layout, noise }: ResolvedTopK, candidates: number): void {
  const rows = rowCount(layout);
  const team = loneTeam(planner.facts);
  const variant = noiseVariantOf(noise, layout);
  planner.scratch("pairs", 2 * rows * candidates);
  planner.step((bound) => candidatesKernel(team, variant.noise, variant.hasUnitStep, bound), {
    uses: [{ name: "logits", access: "read" }, PAIRS("read_write")],
    params: { ...rowParams(layout), ...noiseParams(noise, layout), candidates },
    team,
    rows,
    jobsPerRow: candidates,
  });
}
