// A chart as inline SVG, drawn without a browser. Ink takes the page's colour, so that charts follow its colour scheme.
import { type EChartsCoreOption, init } from "echarts";

/** Widths of a chart in pixels: for a page, and for a phone. Text is of one size in both. */
const WIDTHS = { wide: 820, narrow: 340 } as const;

const INK = "currentColor";

/** Readable on white and on black. */
export const COLOURS = ["#3584e4", "#e0702e", "#2a9d5c", "#8c959f"] as const;

/** Options of every axis. */
export const AXIS: Readonly<Record<string, unknown>> = {
  axisLabel: { color: INK },
  axisLine: { lineStyle: { color: INK, opacity: 0.5 } },
  axisTick: { lineStyle: { color: INK, opacity: 0.5 } },
  splitLine: { lineStyle: { color: INK, opacity: 0.15 } },
  nameLocation: "middle",
  nameTextStyle: { color: INK },
};

/** An entry of a legend. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  /** How the colour shows. */
  readonly mark: "line" | "dashed" | "dot" | "square";
}

/** A chart with its title and legend, drawn twice: in `.wide` and `.narrow`, of which the page shows one. */
export function chart(
  title: string,
  legend: readonly LegendEntry[],
  height: number,
  option: EChartsCoreOption,
): string {
  const drawings = Object.entries(WIDTHS).map(
    ([name, width]) => `<div class="${name}">${draw(title, width, height, option)}</div>`,
  );
  // Written here, because without a browser the width of a text is a guess.
  const entries = legend.map(({ name, colour, mark }) => {
    return `<span><i class="${mark}" style="--colour: ${colour}"></i>${name}</span>`;
  });
  const caption = `<figcaption><b>${title}</b>${entries.join("")}</figcaption>`;
  return `<figure class="chart">${caption}${drawings.join("\n")}</figure>`;
}

function draw(title: string, width: number, height: number, option: EChartsCoreOption): string {
  const drawing = init(null, null, { renderer: "svg", ssr: true, width, height });
  drawing.setOption({
    animation: false,
    textStyle: { fontFamily: "system-ui, sans-serif", color: INK },
    grid: { left: 56, right: 12, top: 12, bottom: 44 },
    ...option,
  });
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return svg.replace("<svg ", `<svg role="img" aria-label="${title.replaceAll(/<[^>]*>/g, "")}" `);
}
