// Curves as inline SVG, drawn without a browser.
import { init } from "echarts";

/** One line of a chart: values at epoch 1, 2, … */
export interface Line {
  readonly name: string;
  readonly values: readonly number[];
  readonly dashed?: boolean;
}

const WIDTH = 720;
const COLOURS = ["#1f6feb", "#d1602b", "#8c959f"];

/** A chart over epochs. */
export function epochChart(
  title: string,
  lines: readonly Line[],
  { height = 320, fromZero = false }: { height?: number; fromZero?: boolean } = {},
): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: "system-ui, sans-serif" },
    title: { text: title, left: 0, textStyle: { fontSize: 14, fontWeight: 600 } },
    legend: { show: lines.length > 1, left: 40, top: 36, itemGap: 40 },
    grid: { left: 48, right: 16, top: lines.length > 1 ? 84 : 48, bottom: 40 },
    xAxis: { type: "value", name: "epoch", nameLocation: "middle", nameGap: 26, min: 0, minInterval: 1 },
    yAxis: { type: "value", scale: !fromZero },
    series: lines.map(({ name, values, dashed }) => ({
      name,
      type: "line",
      lineStyle: { type: dashed ? "dashed" : "solid" },
      showSymbol: values.length < 3,
      data: values.map((value, i) => [i + 1, value]),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
