// Made up: a run of two contestants, one of which is wrong, and one that could not be run.
import type { Results } from "../src/results.ts";

const ours = "gumbel-wasm";
const theirs = "other";

export const RESULTS: Results = {
  schema: 1,
  date: "2030-01-02T03:04:05.678Z",
  commit: "0123abc",
  flags: ["--quick"],
  quick: true,
  seconds: 12,
  machine: {
    cpu: "Processor | 9000",
    cores: 2,
    memoryGiB: 8,
    os: "System 1",
    architecture: "x64",
    node: "20.19.0",
    loadBefore: [0.5, 0.25, 0.1],
    loadAfter: [2, 1, 0.5],
  },
  environments: [
    { id: "node", runtime: "Node 20.19.0" },
    { id: "chromium", runtime: "Chromium", absent: "there is no browser" },
  ],
  contestants: [
    {
      id: ours,
      environment: "node",
      name: "@gumbel/wasm",
      family: "wasm",
      ours: true,
      library: "@gumbel/wasm",
      version: "workspace",
      operations: [{ operation: "categorical", how: "sampler.categorical(logits)", laws: 6, faults: [] }],
    },
    {
      id: theirs,
      environment: "node",
      name: "other",
      family: "tfjs",
      ours: false,
      library: "other",
      version: "1.2.3",
      operations: [
        {
          operation: "categorical",
          how: "a | b",
          laws: 5,
          faults: [{ law: "rows of a batch differ", found: "1 different ones of 64 rows" }],
        },
      ],
    },
    {
      id: "gone",
      environment: "node",
      name: "gone",
      family: "wasm",
      ours: false,
      library: "gone",
      version: "none",
      operations: [],
      absent: "the python3 on PATH has no gone",
    },
  ],
  tables: [
    {
      environment: "node",
      operation: "categorical",
      shape: [1, 8],
      baseline: ours,
      figures: [
        { contestant: theirs, rounds: 5, wall: [9, 10, 12], ratio: 5 },
        {
          contestant: ours,
          rounds: 5,

          wall: [1.5, 2, 3],
          processor: 1.25,
          ratio: 1,
        },
      ],
    },
    {
      environment: "node",
      operation: "categorical",
      shape: [2, 4],
      baseline: ours,
      figures: [
        { contestant: ours, rounds: 5, wall: [1.5, 2, 3], ratio: 1 },
        { contestant: theirs, failed: "Error: too large" },
      ],
    },
  ],
  quality: {
    vocabulary: 151_936,
    tailVocabulary: 129_280,
    noise: [
      {
        contestant: theirs,
        draws: 303_872,
        nan: 1,
        infinite: 2,
        largest: 15.9,
        smallest: -2.8,
        blocks: 2,
        tied: 1,
        excess: 0.125,
      },
    ],
    tails: [
      {
        contestant: ours,
        gap: 18,
        by: "draws",
        draws: 100_000,
        observed: 200,
        expected: 197,
        events: 197,
        z: 0.214,
      },
      {
        contestant: theirs,
        gap: 20,
        by: "noise",
        draws: 100_000,
        values: 1_000_000,
        observed: 0,
        expected: 26.6,
        events: 0.002,
        z: -9,
      },
    ],
    lowerHalf: [{ contestant: ours, draws: 1000, lower: 510, z: 0.632 }],
    rows: [{ contestant: theirs, of: "categorical", shape: [64, 4096], distinct: 1, expected: 63.5 }],
    reproducibility: [{ group: "gumbel", contestant: theirs, against: ours, samples: 4096, equal: 1024 }],
  },
};
