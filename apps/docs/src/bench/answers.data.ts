// Times of the bench's last run that answer the questions of the benchmarks page, and those of a real GPU.
import type { Operation, Results, Table } from "@gumbel-tools/bench/results";
import gpuResults from "@gumbel-tools/bench/results/gpu-h100.json" with { type: "json" };
import results from "@gumbel-tools/bench/results/results.json" with { type: "json" };
import { QUESTIONS, type Question } from "./questions.ts";

/** One bar. */
export interface AnswerRow {
  readonly name: string;
  readonly ours: boolean;
  /** Whether the bench found its samples wrong. */
  readonly wrong: boolean;
  /** Median of a call, in milliseconds. */
  readonly milliseconds: number;
}

/** The bars of one shape. */
export interface AnswerCase {
  readonly label: string;
  /** The fastest first. */
  readonly rows: readonly AnswerRow[];
}

/** A chart. */
export interface Answer {
  readonly id: string;
  readonly title: string;
  /** Empty where the last run did not measure it. */
  readonly cases: readonly AnswerCase[];
}

/** All charts, and the run that they are of. */
export interface Answers {
  readonly charts: readonly Answer[];
  readonly date: string;
  readonly processor: string;
}

declare const data: Answers;

export { data };

const { contestants, tables, date, machine } = results as unknown as Results;

/** What rows a reader knows by another name than their shape. */
const KINDS: Readonly<Record<string, string>> = {
  zipf: "peaked",
  flat: "flat",
  equal: "equal",
};

const grouped = (value: number) => value.toLocaleString("en");
const rowsOf = (rows: number) => (rows === 1 ? "one row" : `${grouped(rows)} rows`);

function caseOf(question: Question, what: string, { operation, shape, logits, figures }: Table): AnswerCase {
  const [rows, categories] = shape;
  const bars = figures.flatMap(({ contestant: id, wall }): AnswerRow[] => {
    const name = question.names[id];
    const contestant = contestants.find((each) => each.id === id);
    if (name === undefined || contestant === undefined || wall === undefined) return [];
    const faults = contestant.operations.find((each) => each.operation === operation)?.faults ?? [];
    const milliseconds = (wall[1] * rows * categories) / 1e6;
    return [{ name, ours: contestant.ours, wrong: faults.length > 0, milliseconds }];
  });
  const kind = logits === undefined ? "" : `, ${KINDS[logits]}`;
  const label = [what, `${rowsOf(rows)} of ${grouped(categories)}${kind}`]
    .filter((part) => part !== "")
    .join(": ");
  return { label, rows: bars.sort((a, b) => a.milliseconds - b.milliseconds) };
}

function answerOf(question: Question): Answer {
  const { id, title, environment, operations } = question;
  const cases = Object.entries(operations).flatMap(([operation, what]) =>
    tables
      .filter((table) => table.environment === environment && table.operation === (operation as Operation))
      .map((table) => caseOf(question, what, table)),
  );
  return { id, title, cases: cases.filter(({ rows }) => rows.length > 0) };
}

/** Calls of `@gumbel/webgpu` on a real GPU, as bars. */
function realGpu(): Answer {
  const { figures } = gpuResults;
  const keys = [...new Set(figures.map(({ shape, logits }) => JSON.stringify([shape, logits])))];
  const cases = keys.map((key): AnswerCase => {
    const [[rows, categories], logits] = JSON.parse(key) as [[number, number], string];
    const of = figures.filter((each) => JSON.stringify([each.shape, each.logits]) === key);
    const bars = of.map(({ call, microseconds }) => ({
      name: call.replace(" {}", "").replaceAll('"', "").replaceAll(":", ": ").replaceAll(",", ", "),
      ours: true,
      wrong: false,
      milliseconds: microseconds / 1000,
    }));
    const floor = {
      name: "reading the logits alone",
      ours: false,
      wrong: false,
      milliseconds: of[0]!.floor / 1000,
    };
    return { label: `${rowsOf(rows)} of ${grouped(categories)}, ${logits}`, rows: [floor, ...bars] };
  });
  return { id: "real-gpu", title: "@gumbel/webgpu on an NVIDIA H100", cases };
}

const loader: { load(): Answers } = {
  load: () => ({
    charts: [...QUESTIONS.map(answerOf), realGpu()],
    date: date.slice(0, 10),
    processor: machine.cpu,
  }),
};
export default loader;
