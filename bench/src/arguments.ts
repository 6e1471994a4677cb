// The flags of the command.
import { parseArgs } from "node:util";
import type { Family } from "./results.ts";

/** What a run is to do. */
export interface Arguments {
  readonly families: readonly Family[];
  /** Whether to time. */
  readonly times: boolean;
  /** Whether to measure quality. */
  readonly quality: boolean;
  readonly shapes: readonly (readonly [rows: number, classes: number])[];
  readonly quick: boolean;
  /** Seconds of rounds for each table. */
  readonly budget: number;
  /** Folder of the results, where one is named. */
  readonly out: string | undefined;
  /** Whether everything is measured at full length: only such a run is worth keeping unasked. */
  readonly whole: boolean;
  /** Whether Chromium takes the machine's GPU instead of its software one. */
  readonly hardware: boolean;
  /** A results file to write the report of anew, instead of measuring. */
  readonly from: string | undefined;
  readonly help: boolean;
}

/** Families in the order of reports. */
export const FAMILIES: readonly Family[] = ["wasm", "webgpu", "onnx", "tfjs"];

const SHAPES = "64x10,1x32000,1x151936,64x4096,4096x64,64x50257";

/** Seconds of rounds for a table. */
const BUDGET = { quick: 1, full: 8 };

/** What `--help` prints. */
export const HELP: string = `pnpm bench [flags]

Measures every package against its peers, interleaved, after checking that each is right. Writes results.json, results.md and charts.

  --only <list>     of ${FAMILIES.join(", ")} and quality; default all. Quality alone looks at all families
  --shapes <list>   of ROWSxCLASSES; default ${SHAPES}
  --quick           few rounds and draws: a look at whether all works
  --budget <s>      seconds of rounds for each table, default ${BUDGET.full}, with --quick ${BUDGET.quick}; streams of noise
                    take twice that, and until 10⁸ values are seen
  --hardware        let Chromium use the machine's GPU; its software GPU otherwise
  --out <folder>    default bench/results for a run of everything; bench/out with --only, --shapes or --quick
  --from <file>     measure nothing: write the table and charts of this results file again
  --help
`;

/**
 * Reads flags.
 *
 * @throws TypeError on a flag that there is not, RangeError on a value that is not allowed
 */
export function parseArguments(flags: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...flags],
    options: {
      only: { type: "string" },
      shapes: { type: "string" },
      quick: { type: "boolean", default: false },
      budget: { type: "string" },
      hardware: { type: "boolean", default: false },
      out: { type: "string" },
      from: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const only = values.only?.split(",").map((part) => part.trim());
  const allowed: readonly string[] = [...FAMILIES, "quality"];
  const unknown = only?.find((part) => !allowed.includes(part));
  if (unknown !== undefined) throw new RangeError(`--only takes ${allowed.join(", ")}, got "${unknown}"`);
  const chosen = FAMILIES.filter((family) => only === undefined || only.includes(family));
  const quality = only === undefined || only.includes("quality");
  const budget = Number(values.budget ?? BUDGET[values.quick ? "quick" : "full"]);
  if (!(budget > 0 && Number.isFinite(budget)))
    throw new RangeError(`--budget takes a positive number of seconds, got "${values.budget}"`);
  return {
    families: chosen.length === 0 ? FAMILIES : chosen,
    times: chosen.length > 0,
    quality,
    shapes: (values.shapes ?? SHAPES).split(",").map(parseShape),
    quick: values.quick,
    budget,
    out: values.out,
    whole: only === undefined && values.shapes === undefined && !values.quick,
    hardware: values.hardware,
    from: values.from,
    help: values.help,
  };
}

function parseShape(text: string): readonly [number, number] {
  const match = /^([1-9]\d*)x([1-9]\d*)$/.exec(text.trim());
  if (match === null) throw new RangeError(`--shapes takes ROWSxCLASSES, as 64x4096, got "${text}"`);
  return [Number(match[1]), Number(match[2])];
}
