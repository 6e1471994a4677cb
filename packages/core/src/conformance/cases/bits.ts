// Random bits: JAX's words, one block an element, 64-bit counters.
import { key } from "../../random/key.ts";
import { anyCall } from "../arbitrary.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { checkWindows } from "../checks/check-windows.ts";
import { ConformanceFailure } from "../failure.ts";
import { forAll } from "../property.ts";
import { firstDifference } from "../same-data.ts";

/** First words of `jax.random.bits(key(seed), …)`, from JAX 0.10.2; [0, 0] among the keys. */
const JAX_WORDS: readonly { seed: number; words: readonly number[] }[] = [
  { seed: 0, words: [4070199207, 4202968722, 1427181096, 2012915765, 2447653815, 710830403, 1332275837] },
  { seed: 1, words: [1883912375, 2292451390, 1915204986, 1882898417, 3854144420, 2400655036, 4225756532] },
  { seed: 42, words: [2098992034, 2919706841, 2646866425, 2409546199, 1935504149, 2516274904, 321304473] },
  { seed: 1701, words: [1111271205, 2679469115, 974515252, 521976754, 2127438447, 4120601916, 260271764] },
  {
    seed: 4294967295,
    words: [2226700399, 2348827549, 2002407339, 3973470413, 1347664280, 1591134625, 119674969],
  },
];

export const bitCases: readonly ConformanceCase[] = [
  {
    id: "bits/jax",
    kind: "exact",
    title: "words are those that JAX computed",
    clauses: ["BITS-1", "BITS-2"],
    needs: { operations: ["bits"] },
    async run({ subject }) {
      for (const { seed, words } of JAX_WORDS) {
        const call = { operation: "bits", shape: [words.length], options: { key: key(seed) } } as const;
        const [values] = await runOrFail(subject, call);
        const got = Array.from(values.data as ArrayLike<number>, (word) => word >>> 0);
        const index = firstDifference(got, words);
        if (index === undefined) continue;
        const details = { call, index, got: got[index], expected: words[index] };
        throw new ConformanceFailure("BITS-1", { note: "a word is not jax.random.bits'", ...details });
      }
    },
  },
  {
    id: "bits/reference",
    kind: "property",
    title: "words of any shape, offset and row stride are the reference's",
    clauses: ["BITS-2", "BITS-4"],
    needs: { operations: ["bits"] },
    run: (context) =>
      forAll(context, anyCall("bits", context.backend.sampler.capabilities), async (call) => {
        await checkCall(context.subject, call);
      }),
  },
  {
    id: "bits/counter-carry",
    kind: "exact",
    title: "counters carry into the high word within a tensor, and count to 2^53",
    clauses: ["BITS-4"],
    needs: { operations: ["bits"], sharding: true },
    async run({ subject }) {
      const places = [
        { offset: 2 ** 32 - 5, rowStride: 4 },
        { offset: 3, rowStride: 2 ** 31 },
        { offset: 2 ** 32 + 1, rowStride: 2 ** 32 + 7 },
        { offset: 2 ** 53 - 64, rowStride: 4 },
      ];
      for (const place of places) {
        await checkCall(subject, { operation: "bits", shape: [3, 4], options: { key: key(5), ...place } });
      }
    },
  },
  {
    id: "bits/beyond-2^20-elements",
    kind: "robustness",
    title: "words on either side of every power of two, up to 2^20, are the reference's",
    clauses: ["LOGITS-7", "BITS-2"],
    needs: { operations: ["bits"] },
    async run({ subject }) {
      await checkWindows(subject, "bits", [4, 2 ** 18 + 37]);
    },
  },
];
