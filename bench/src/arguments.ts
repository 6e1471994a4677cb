// The flags of the command.
import { parseArgs } from "node:util";
import { FAMILIES, type Shape } from "./results.ts";

const PARTS: readonly string[] = [...FAMILIES, "quality"];
const SHAPES = "64x10,1x32000,1x151936,64x4096,4096x64,64x50257";
/** Of samples with filters: vocabularies, in a batch too. */
const FILTERED_SHAPES = "1x32000,64x32000,1x151936,64x151936";
/** Of the GPU alone. */
const GPU_SHAPES = "1x151936,64x151936,256x32000,64x10";
/** Rounds on the GPU. */
const GPU_ROUNDS = { quick: 3, full: 15 };
/** Seconds of rounds for a table. */
const BUDGET = { quick: 1, full: 8 };

/** What `--help` prints. */
export const HELP: string = `pnpm bench [flags]

Measures every package against its peers, interleaved, after checking that each is right. Writes results.json and results.md.

  --only <list>       of ${PARTS.join(", ")}; default all. quality alone measures all families
  --shapes <list>     of ROWSxCATEGORIES; default ${SHAPES};
                      of samples with filters ${FILTERED_SHAPES}
  --quick             few rounds and draws: a look at whether all works
  --budget <s>        seconds of rounds for each table; default ${BUDGET.full}, with --quick ${BUDGET.quick}. Streams of noise take
                      twice that, and go on until 10⁸ values
  --hardware          WebGPU on the machine's GPU; on a software GPU otherwise
  --dawn              WebGPU by Dawn for Node instead of Chromium: for machines without a browser
  --gpu               only plain and filtered draws of @gumbel/webgpu by Dawn, by the GPU's own clock, beside what reading the logits
                      takes; default shapes ${GPU_SHAPES}. --out is a file for the figures
  --against <folder>  compare this checkout with another one: time of ours here over time there. Fails where a cell is slower
  --out <folder>      default bench/results for a run of everything, else bench/out
  --from <file>       measure nothing: write the report of this results file again
  --help
`;

const text = { type: "string" } as const;
const isSet = { type: "boolean", default: false } as const;
const OPTIONS = {
  only: text,
  shapes: text,
  quick: isSet,
  budget: text,
  hardware: isSet,
  dawn: isSet,
  gpu: isSet,
  against: text,
  out: text,
  from: text,
  help: isSet,
};

export type Arguments = ReturnType<typeof parseArguments>;

/** Reads flags; throws TypeError on an unknown one, RangeError on a value that is not allowed. */
export function parseArguments(flags: readonly string[]) {
  const { values } = parseArgs({ args: flags.filter((flag) => flag !== "--"), options: OPTIONS });
  const only = values.only?.split(",").map((part) => part.trim()) ?? PARTS;
  const unknown = only.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) throw new RangeError(`--only takes ${PARTS.join(", ")}, got "${unknown}"`);
  const budget = Number(values.budget ?? BUDGET[values.quick ? "quick" : "full"]);
  if (!(budget > 0 && Number.isFinite(budget)))
    throw new RangeError(`--budget takes a positive number of seconds, got "${values.budget}"`);
  const chosen = FAMILIES.filter((family) => only.includes(family));
  return {
    ...values,
    flags,
    budget,
    families: chosen.length === 0 ? FAMILIES : chosen,
    times: chosen.length > 0,
    quality: only.includes("quality"),
    shapes: (values.shapes ?? SHAPES).split(",").map(parseShape),
    gpuShapes: (values.shapes ?? GPU_SHAPES).split(",").map(parseShape),
    gpuRounds: GPU_ROUNDS[values.quick ? "quick" : "full"],
    filteredShapes: (values.shapes ?? FILTERED_SHAPES).split(",").map(parseShape),
    /** Whether everything is measured at full length: only such a run is kept unasked. */
    whole: values.only === undefined && values.shapes === undefined && !values.quick && !values.dawn,
  };
}

function parseShape(text: string): Shape {
  const match = /^([1-9]\d*)x([1-9]\d*)$/.exec(text.trim());
  if (match === null) throw new RangeError(`--shapes takes ROWSxCATEGORIES, as 64x4096, got "${text}"`);
  return [Number(match[1]), Number(match[2])];
}
