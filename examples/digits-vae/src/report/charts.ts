// Curves as inline SVG, drawn without a browser. Ink takes the page's colour, so that charts follow its colour scheme.
import { init } from "echarts";

/** One line of a chart: values at epoch 1, 2, … */
export interface Line {
  readonly name: string;
  readonly values: readonly number[];
  readonly dashed?: boolean;
}

/** Widths of a chart in pixels: for a page, and for a phone. Text is of one size in both. */
const WIDTHS = { wide: 720, narrow: 340 } as const;
/** Readable on white and on black. */
const COLOURS = ["#3584e4", "#e0702e", "#8c959f", "#2e9e5b", "#a35bd6"];
const INK = "currentColor";

/** A chart over epochs with its legend, drawn twice: in `.wide` and `.narrow`, of which the page shows one. */
export function epochChart(
  title: string,
  lines: readonly Line[],
  options: { height?: number; fromZero?: boolean } = {},
): string {
  const drawings = Object.entries(WIDTHS).map(
    ([name, width]) => `<div class="${name}">${draw(title, lines, width, options)}</div>`,
  );
  // Written here, because without a browser the width of a text is a guess.
  const legend = lines.map(
    ({ name, dashed }, i) =>
      `<span><i style="border-top: 2px ${dashed ? "dashed" : "solid"} ${COLOURS[i]}"></i>${name}</span>`,
  );
  const caption = `<b>${title}</b>${lines.length > 1 ? legend.join("") : ""}`;
  return `<figure class="chart"><figcaption>${caption}</figcaption>${drawings.join("\n")}</figure>`;
}

function draw(
  title: string,
  lines: readonly Line[],
  width: number,
  { height = 260, fromZero = false }: { height?: number; fromZero?: boolean },
): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  const axis = {
    type: "value",
    axisLabel: { color: INK },
    axisLine: { lineStyle: { color: INK, opacity: 0.5 } },
    splitLine: { lineStyle: { color: INK, opacity: 0.15 } },
  } as const;
  chart.setOption({
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: "system-ui, sans-serif", color: INK },
    grid: { left: 40, right: 12, top: 12, bottom: 44 },
    xAxis: {
      ...axis,
      name: "epoch",
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: { color: INK },
      min: 0,
      max: Math.max(...lines.map(({ values }) => values.length)),
      minInterval: 1,
    },
    yAxis: { ...axis, scale: !fromZero },
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
  // The page is the background.
  return svg.replace("<svg ", `<svg role="img" aria-label="${title}" `);
}
