// p-values by length: a thin line a text.
import type { DetectionCurves } from "../experiments/watermark.ts";
import { AXIS, COLOURS, chart, type LegendEntry } from "./chart.ts";

/** A p-value at which one in a million unmarked texts would be accused. */
const ALARM = -6;

/** The chart. */
export function watermarkChart(kinds: readonly DetectionCurves[]): string {
  const legend: LegendEntry[] = [
    ...kinds.map(({ name }, i) => ({ name, colour: COLOURS[i], mark: "line" as const })),
    { name: "one in a million", colour: "currentColor", mark: "dashed" },
  ];
  const series = kinds.flatMap(({ curves }, i) =>
    curves.map((curve) => ({
      type: "line",
      silent: true,
      showSymbol: false,
      lineStyle: { color: COLOURS[i], width: 1.5, opacity: 0.75 },
      data: curve.map(([tokens, log10p]) => [tokens, Number(log10p.toFixed(3))]),
    })),
  );
  const alarm = {
    type: "line",
    data: [],
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: "currentColor", type: "dashed", opacity: 0.6 },
      label: { show: false },
      data: [{ yAxis: ALARM }],
    },
  };
  return chart("p-value by tokens read, six texts of each kind", legend, 320, {
    grid: { left: 66, right: 16, top: 12, bottom: 44 },
    xAxis: { ...AXIS, type: "value", name: "tokens read", nameGap: 28, min: 0 },
    yAxis: {
      ...AXIS,
      type: "value",
      name: "p-value",
      nameGap: 48,
      max: 0,
      axisLabel: { color: "currentColor", formatter: (value: number) => (value === 0 ? "1" : `1e${value}`) },
    },
    series: [...series, alarm],
  });
}
