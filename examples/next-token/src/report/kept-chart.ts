// The kept part of each step's distribution: a bar a step, the most likely token at its foot.
import type { KeptFilter, KeptStep } from "../experiments/kept.ts";
import { AXIS, COLOURS, chart, type LegendEntry } from "./chart.ts";
import { settingHtml } from "./setting.ts";

const [KEPT] = COLOURS;
const CUT = "#8c959f";

/** Every other rank is paler, to be told from its neighbours. */
const OPACITY = [1, 0.7] as const;
const CUT_OPACITY = [0.35, 0.22] as const;

export const KEPT_LEGEND: readonly LegendEntry[] = [
  { name: "kept", colour: KEPT, mark: "square" },
  { name: "left out", colour: CUT, mark: "square" },
];

/** The bars of one filter. */
export function keptChart({ setting, steps }: KeptFilter): string {
  const parts = steps.map(partsOf);
  const series = parts[0].map((_, rank) => ({
    type: "bar",
    stack: "p",
    barCategoryGap: "12%",
    silent: true,
    data: parts.map((step) => {
      const { p, isKept } = step[rank];
      const opacity = (isKept ? OPACITY : CUT_OPACITY)[rank % 2];
      return { value: Number(p.toFixed(4)), itemStyle: { color: isKept ? KEPT : CUT, opacity } };
    }),
  }));
  const { temperature: _, ...filter } = setting;
  const mean = steps.reduce((sum, { mass }) => sum + mass, 0) / steps.length;
  return chart(`${settingHtml(filter)} keeps ${(100 * mean).toFixed(0)} % of the probability`, [], 120, {
    grid: { left: 34, right: 4, top: 6, bottom: 6 },
    xAxis: { ...AXIS, type: "category", axisLabel: { show: false }, axisTick: { show: false } },
    yAxis: { ...AXIS, type: "value", min: 0, max: 1, interval: 0.5 },
    series,
  });
}

/** The shown ranks, then the rest: what is kept of it, and what is not. */
function partsOf({ p, isKept, mass }: KeptStep): { p: number; isKept: boolean }[] {
  const shown = p.map((value, rank) => ({ p: value, isKept: isKept[rank] }));
  const sumOf = (kept: boolean) => shown.reduce((sum, part) => sum + (part.isKept === kept ? part.p : 0), 0);
  const rest = { kept: Math.max(0, mass - sumOf(true)), cut: Math.max(0, 1 - mass - sumOf(false)) };
  return [...shown, { p: rest.kept, isKept: true }, { p: rest.cut, isKept: false }];
}
