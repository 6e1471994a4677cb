// Charts of a run as SVG, drawn without a browser.
import { init } from "echarts";
import { optimize } from "svgo";
import type { EnvironmentId, Operation, Results, Table } from "../results.ts";
import { contestantOf, faultsOf, nameOf, shapeName, TITLES } from "./words.ts";

/** One chart. */
export interface Chart {
  /** Name of its file. */
  readonly file: string;
  readonly environment: EnvironmentId;
  readonly operation: Operation;
  readonly svg: string;
}

/** Operations with a chart of their own; floors are in the tables. */
const CHARTED: readonly Operation[] = ["categorical", "gumbelSoftmax", "gumbelSoftmaxVjp", "gumbel"];
/** As SVGO writes it; said once for the whole picture. */
const FONT = "font-family:system-ui,sans-serif";
const WIDTH = 960;
/** Width of a letter of the labels, on the safe side. */
const LETTER = 6.4;
const ROW = 30;
/** Okabe and Ito's colours, which people with any colour vision tell apart. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "arrow", "path://M0 0H3V9H0Z"];
/** Readable on a light and on a dark page: of other things, and of what is ours. */
const GREY = "#808890";
const OURS = "#2f81f7";

/** A chart for each environment and operation: time per element, a row for each contestant, a mark for each shape. */
export function chartsOf(results: Results): Chart[] {
  return results.environments.flatMap(({ id, runtime }) =>
    CHARTED.flatMap((operation) => {
      const tables = results.tables.filter(
        (table) => table.environment === id && table.operation === operation && table.figures.length > 0,
      );
      if (tables.length === 0) return [];
      const svg = timesChart(results, `${TITLES[operation]}, ${runtime}`, tables);
      return [{ file: `${id}-${operation}.svg`, environment: id, operation, svg }];
    }),
  );
}

function timesChart(results: Results, title: string, tables: readonly Table[]): string {
  const median = (table: Table, id: string) =>
    table.figures.find(({ contestant }) => contestant === id)?.wall?.[1];
  const ids = [...new Set(tables.flatMap(({ figures }) => figures.map(({ contestant }) => contestant)))];
  const typical = (id: string) => {
    const values = tables.flatMap((table) => median(table, id) ?? []).map(Math.log);
    return values.length === 0
      ? Number.POSITIVE_INFINITY
      : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  // The fastest on top: category axes begin at the bottom.
  ids.sort((a, b) => typical(b) - typical(a));
  const labels = ids.map((id) => {
    const isWrong = faultsOf(contestantOf(results, id), tables[0].operation).length > 0;
    return `${nameOf(results, id)}${isWrong ? " (wrong)" : ""}`;
  });
  const height = 120 + ROW * ids.length;
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    tooltip: { show: false },
    color: COLOURS,
    textStyle: { fontFamily: "system-ui, sans-serif", color: GREY },
    title: { text: title, left: 0, textStyle: { fontSize: 14, fontWeight: 600, color: GREY } },
    legend: { top: 36, left: 0, itemGap: 20, itemWidth: 12, itemHeight: 10, textStyle: { color: GREY } },
    grid: { left: LETTER * Math.max(...labels.map(({ length }) => length)), right: 24, top: 72, bottom: 44 },
    xAxis: {
      type: "log",
      name: "nanoseconds per element, logarithmic",
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: { color: GREY },
      axisLabel: { color: GREY, hideOverlap: true },
      splitLine: { lineStyle: { color: GREY, opacity: 0.3 } },
    },
    yAxis: {
      type: "category",
      data: labels,
      axisLabel: {
        interval: 0,
        fontSize: 11,
        color: (_: unknown, row?: number) => (contestantOf(results, ids[row ?? 0])?.ours ? OURS : GREY),
      },
      splitLine: { show: true, lineStyle: { color: GREY, opacity: 0.2 } },
    },
    series: tables.map((table, i) => ({
      name: shapeName(table.shape),
      type: "scatter",
      // A picture does not answer to the mouse; without this it would carry styles for it.
      silent: true,
      emphasis: { disabled: true },
      itemStyle: { opacity: 1 },
      symbol: SYMBOLS[i % SYMBOLS.length],
      symbolSize: 9,
      data: ids.flatMap((id, row) => {
        const value = median(table, id);
        return value === undefined ? [] : [[value, row]];
      }),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Half the bytes are attributes that say nothing. Screen readers say the title of a picture whose role is that.
  const { data } = optimize(svg, {
    multipass: true,
    floatPrecision: 1,
    plugins: ["preset-default", { name: "removeAttrs", params: { attrs: ["class", "pointer-events"] } }],
  });
  return data
    .replaceAll(`;${FONT}`, "")
    .replaceAll(' xml:space="preserve"', "")
    .replace(/^<svg ([^>]*)>/, `<svg role="img" style="${FONT}" $1><title>${title}</title>`);
}
