// Faults in functions of keys, as a port to another language could have them.
import { foldIn, type Key, key, split, threefry2x32 } from "../../../src/index.ts";
import type { Sabotage } from "../sabotage.ts";

export const keyFaults: readonly Sabotage[] = [
  {
    name: "a seed has 32 bits",
    fault: { keys: { key: (seed) => [0, key(seed)[1]] } },
    breaks: ["KEY-1"],
  },
  {
    name: "a negative seed loses its sign in the high word",
    fault: { keys: { key: (seed) => (seed < 0 ? [0, key(seed)[1]] : key(seed)) } },
    breaks: ["KEY-1"],
  },
  {
    name: "the high word of a seed beyond 2⁵³ is rounded",
    fault: {
      keys: { key: (seed) => key(BigInt.asUintN(64, BigInt(Math.min(Number(seed), 2 ** 64 - 2048)))) },
    },
    breaks: ["KEY-1"],
  },
  {
    name: "foldIn takes the low 32 bits alone [jax.random.fold_in]",
    fault: { keys: { foldIn: (parent, data) => foldIn(parent, BigInt.asUintN(32, BigInt(data))) } },
    breaks: ["KEY-2"],
  },
  {
    name: "foldIn takes the sign bit of a word for a sign",
    fault: {
      keys: { foldIn: (parent, data) => foldIn(parent, BigInt.asUintN(64, BigInt.asIntN(32, BigInt(data)))) },
    },
    breaks: ["KEY-2"],
  },
  {
    name: "split pads an odd count, as it does without jax_threefry_partitionable",
    fault: {
      keys: {
        split(parent, count = 2) {
          const half = Math.ceil(count / 2);
          const blocks = Array.from({ length: half }, (_, i) => threefry2x32(...parent, i, i + half));
          const words = [...blocks.map(([x0]) => x0), ...blocks.map(([, x1]) => x1)];
          return Array.from({ length: count }, (_, i): Key => [words[2 * i] ?? 0, words[2 * i + 1] ?? 0]);
        },
      },
    },
    breaks: ["KEY-2"],
  },
  {
    name: "split counts in bytes",
    fault: {
      keys: { split: (parent, count = 2) => split(parent, count).map((_, i) => foldIn(parent, i % 256)) },
    },
    breaks: ["KEY-2"],
  },
  {
    name: "split always gives two keys",
    fault: { keys: { split: (parent) => split(parent, 2) } },
    breaks: ["KEY-2"],
  },
];
