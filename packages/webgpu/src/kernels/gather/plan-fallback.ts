// Dispatches that the GPU leaves out unless a row needs them. Their grids are zeros until a kernel falls back. Idle workgroups
// instead take SwiftShader eight times as long as all the rest of the call.
import type { Planner, StepWork, Use } from "../../plan/planner.ts";

/** Most dispatches of a fallback. */
const MOST_STEPS = 8;

/** `fn fall_back()`: lets the fallback run. Needs the tensors of {@link Fallback.uses}. */
export const fallBackWgsl: string = /* wgsl */ `
fn fall_back() {
  for (var word = 0u; word < ${3 * MOST_STEPS}u; word++) { raise_dispatched(word, load_grids(word)); }
}
`;

/** A fallback of a program. */
export interface Fallback {
  /** Tensors of a kernel that falls back. */
  readonly uses: readonly Use[];
  /** What makes a step the fallback's `index`-th one. */
  stepAt(index: number): Pick<StepWork, "indirect">;
  /** Its grid, once it is planned. */
  setGrid(index: number, grid: readonly [number, number]): void;
}

/** Plans a fallback, whose steps follow. */
export function planFallback(planner: Planner): Fallback {
  const grids = new Uint32Array(3 * MOST_STEPS);
  planner.data("grids", grids);
  planner.data("dispatched", new Uint32Array(3 * MOST_STEPS));
  return {
    uses: [
      { name: "grids", access: "read" },
      { name: "dispatched", access: "atomic" },
    ],
    stepAt: (index) => ({ indirect: { tensor: "dispatched", word: 3 * index } }),
    setGrid: (index, [x, y]) => grids.set([x, y, 1], 3 * index),
  };
}
