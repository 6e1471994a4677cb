// Accepted guesses by temperature: the formula as a line, what was measured as dots with bars of two standard errors.
import type { DrafterAcceptance } from "../experiments/drafter.ts";
import { AXIS, COLOURS, chart, type LegendEntry } from "./chart.ts";

/** The chart. */
export function drafterChart(drafters: readonly DrafterAcceptance[]): string {
  const legend: LegendEntry[] = drafters.map(({ order }, i) => ({
    name: `drafter of order ${order}`,
    colour: COLOURS[i],
    mark: "line",
  }));
  const kinds: LegendEntry[] = [
    { name: "line: formula", colour: "currentColor", mark: "line" },
    { name: "dot: measured, ± 2 standard errors", colour: "currentColor", mark: "dot" },
  ];
  const series = drafters.flatMap(({ points }, i) => {
    const colour = COLOURS[i];
    return [
      {
        type: "line",
        silent: true,
        showSymbol: false,
        lineStyle: { color: colour, width: 2 },
        data: points.map(({ temperature, expected }) => [temperature, expected]),
      },
      {
        type: "scatter",
        silent: true,
        symbolSize: 9,
        itemStyle: { color: colour },
        data: points.map(({ temperature, measured }) => [temperature, measured]),
      },
      // A line from end to end of each bar.
      ...points.map(({ temperature, measured, error }) => ({
        type: "line",
        silent: true,
        showSymbol: false,
        lineStyle: { color: colour, width: 1.5 },
        data: [
          [temperature, Math.max(0, measured - 2 * error)],
          [temperature, Math.min(1, measured + 2 * error)],
        ],
      })),
    ];
  });
  return chart("Accepted guesses by temperature", [...legend, ...kinds], 300, {
    xAxis: { ...AXIS, type: "value", name: "temperature", nameGap: 28, min: 0, max: 1.8, interval: 0.3 },
    yAxis: {
      ...AXIS,
      type: "value",
      min: 0,
      max: 1,
      axisLabel: { color: "currentColor", formatter: (value: number) => `${Math.round(100 * value)} %` },
    },
    series,
  });
}
