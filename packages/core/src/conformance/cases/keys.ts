// Keys: every one counts, derived ones are JAX's, a left-out one comes from the default stream.
import fc from "fast-check";
import { OPERATION_NAMES, type OperationName } from "../../operation-table.ts";
import { foldIn, type Key, key, split } from "../../random/key.ts";
import { nextKey, seed } from "../../random/key-stream.ts";
import { threefry2x32 } from "../../random/threefry.ts";
import { anyCall, anyKey, EDGE_KEYS } from "../arbitrary.ts";
import type { KeyFunctions } from "../backend.ts";
import { type Call, drawsNoise, hasOption, mayLackKey, type Result } from "../call.ts";
import { smallCall } from "../call-on.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { checkCall, checkPremise, checkResult, dueOf, runOrFail } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { forAll } from "../property.ts";
import { sameData } from "../same-data.ts";
import type { Subject } from "../subject.ts";

/** Children of `key(0)` and the first words under them, from JAX 0.10.2. */
const JAX_CHILDREN = [
  [1797259609, 2579123966],
  [928981903, 3453687069],
] as const;

/** Functions of keys where a backend has none of its own. */
const OWN: KeyFunctions = { key, split, foldIn };

/** Seeds and their two words, as 64 bits of two's complement. */
const SEEDS: readonly (readonly [seed: number | bigint, words: Key])[] = [
  [0, [0, 0]],
  [1, [0, 1]],
  [2 ** 31, [0, 0x80000000]],
  [2 ** 32, [1, 0]],
  [2 ** 32 + 2 ** 31 + 5, [1, 0x80000005]],
  [2 ** 53 - 1, [0x1fffff, 0xffffffff]],
  [-1, [0xffffffff, 0xffffffff]],
  [-(2 ** 31) - 1, [0xffffffff, 0x7fffffff]],
  [-(2 ** 53) + 1, [0xffe00000, 1]],
  [0x0123456789abcdefn, [0x01234567, 0x89abcdef]],
  [-(2n ** 63n), [0x80000000, 0]],
  [2n ** 64n - 2n, [0xffffffff, 0xfffffffe]],
];

/** Numbers to fold in, and of elements: of one word and of two, with the sign bit of either. */
const COUNTED = [0, 1, 255, 65_537, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 2 ** 31 + 7, 2 ** 53 - 2];

/** The same beyond what a counter reaches. */
const BIG_COUNTED = [2n ** 53n + 1n, 2n ** 63n + 5n, 2n ** 64n - 1n];

const LOW = 0xffffffffn;

/** Operations that draw Gumbel noise. */
const DRAWING = OPERATION_NAMES.filter(drawsNoise);

/** Operations that take a key of the default stream, and those that never do: without one, or of a sample. */
const KEYLESS = OPERATION_NAMES.filter(mayLackKey);
const KEYED = OPERATION_NAMES.filter((name) => !KEYLESS.includes(name));

/** Calls without a key, of each operation that may lack one. */
function keylessCalls(): Call[] {
  return KEYLESS.flatMap((operation) => {
    const { options, ...call } = smallCall(operation, [40, 5], 11, { temperature: 0.7, sampleShape: [3] });
    const { key: _, ...rest } = options as { key?: unknown };
    const calls = [{ ...call, options: rest }];
    if (hasOption(operation, "hard")) calls.push({ ...call, options: { ...rest, hard: true } as object });
    return calls as Call[];
  });
}

export const keyCases: readonly ConformanceCase[] = [
  {
    id: "keys/both-words-count",
    kind: "property",
    title: "bits under any two key words, zeros and all-ones included, are the reference's",
    clauses: ["KEY-1", "BITS-2"],
    needs: { operations: ["bits"] },
    run: (context) =>
      forAll(context, anyKey, async (words) => {
        await checkCall(context.subject, { operation: "bits", shape: [9], options: { key: words } });
      }),
  },
  {
    id: "keys/derived",
    kind: "exact",
    title: "children of split and foldIn are JAX's keys, and bits differ under each",
    clauses: ["KEY-2"],
    needs: { operations: ["bits"] },
    async run({ subject, backend: { keys = OWN } }) {
      const children = keys.split(keys.key(0));
      JAX_CHILDREN.forEach((expected, i) => {
        for (const child of [children[i], keys.foldIn(keys.key(0), i)]) {
          if (child[0] === expected[0] && child[1] === expected[1]) continue;
          throw new ConformanceFailure("KEY-2", {
            note: `child ${i} of key(0) is [${child}], not [${expected}]`,
          });
        }
      });
      for (const child of children) {
        await checkCall(subject, { operation: "bits", shape: [4], options: { key: child } });
      }
    },
  },
  {
    id: "keys/words",
    kind: "exact",
    title:
      "key takes both words of a seed, negative ones in two's complement, and split and foldIn both words of what they count",
    clauses: ["KEY-1", "KEY-2"],
    async run({ backend: { keys = OWN } }) {
      const expectSame = (clause: string, what: string, got: Key, expected: Key) => {
        if (got[0] === expected[0] && got[1] === expected[1]) return;
        throw new ConformanceFailure(clause, { note: `${what} is [${expected}], got [${got}]` });
      };
      for (const [seed, words] of SEEDS) expectSame("KEY-1", `key(${seed})`, keys.key(seed), words);
      for (const parent of EDGE_KEYS) {
        for (const data of [...COUNTED, ...BIG_COUNTED]) {
          const block = threefry2x32(
            parent[0],
            parent[1],
            Number(BigInt(data) >> 32n),
            Number(BigInt(data) & LOW),
          );
          expectSame("KEY-2", `foldIn([${parent}], ${data})`, keys.foldIn(parent, data), block);
        }
        for (const count of [0, 1, 2, 3, 7, 300]) {
          const children = keys.split(parent, count);
          if (children.length !== count) {
            const note = `split(key, ${count}) must give ${count} keys, got ${children.length}`;
            throw new ConformanceFailure("KEY-2", { note });
          }
          children.forEach((child, i) => {
            expectSame(
              "KEY-2",
              `split([${parent}], ${count})[${i}]`,
              child,
              threefry2x32(parent[0], parent[1], 0, i),
            );
          });
        }
      }
    },
  },
  {
    id: "keys/bits",
    kind: "exact",
    title:
      "the words of a derived key are the block of its number: its bits are those of the parent at that counter",
    clauses: ["KEY-2", "BITS-2"],
    needs: { operations: ["bits"], sharding: true },
    async run({ subject, backend: { keys = OWN } }) {
      for (const parent of EDGE_KEYS) {
        for (const data of COUNTED) {
          const call = { operation: "bits", shape: [1], options: { key: parent, offset: data } } as const;
          const [words] = await checkCall(subject, call);
          const [x0, x1] = keys.foldIn(parent, data);
          const [got, expected] = [(x0 ^ x1) >>> 0, words.data[0] >>> 0];
          if (got === expected) continue;
          const note = `the words of foldIn(key, ${data}) are not those of that counter's block`;
          throw new ConformanceFailure("KEY-2", { note, call, got, expected });
        }
      }
    },
  },
  ...DRAWING.map(
    (operation): ConformanceCase => ({
      id: `keys/edge-keys-${operation}`,
      kind: "exact",
      title: `${operation} takes every key as it is: [0, 0], one word only, the sign bit`,
      clauses: ["KEY-1"],
      needs: { operations: [operation] },
      async run({ subject }) {
        const shape = [5, 7];
        await checkPremise(subject, smallCall(operation, shape, 14));
        // One array, written anew: a key is its words, not the object that holds them.
        const words: [number, number] = [0, 0];
        for (const edge of EDGE_KEYS) {
          words.splice(0, 2, ...edge);
          await checkCall(subject, smallCall(operation, shape, 14, { key: words }));
        }
      },
    }),
  ),
  ...keylessCalls().map((call): ConformanceCase => {
    const name = "hard" in call.options ? `${call.operation}-hard` : call.operation;
    return {
      id: `keys/default-stream-${name}`,
      kind: "exact",
      title: `${name} without a key, and only then, takes one key of the default stream, which seed(n) starts over`,
      clauses: ["KEY-3"],
      needs: { operations: [call.operation] },
      run: (context) => checkDefaultStream(context, call),
    };
  }),
  ...KEYED.map(
    (operation): ConformanceCase => ({
      id: `keys/default-stream-${operation}`,
      kind: "exact",
      title: `${operation}, which never lacks a key, takes none of the default stream`,
      clauses: ["KEY-3"],
      needs: { operations: [operation] },
      async run({ subject }) {
        seed(7);
        const call = smallCall(operation, [3, 5], 15);
        await runOrFail(subject, call);
        expectNextKey(0, call);
      },
    }),
  ),
  ...OPERATION_NAMES.map(
    (operation): ConformanceCase => ({
      id: `keys/at-the-same-time-${operation}`,
      kind: "exact",
      title: `calls of ${operation} that are at work at the same time do not mix`,
      clauses: ["KEY-4"],
      needs: { operations: [operation] },
      async run({ subject }) {
        const calls = concurrentCalls(operation);
        for (const call of calls) await checkPremise(subject, call);
        await Promise.all(calls.map((call) => checkCall(subject, call)));
      },
    }),
  ),
  {
    id: "keys/determinism",
    kind: "property",
    title: "the same call gives the same bits of result twice, with another call between or at the same time",
    clauses: ["KEY-4"],
    async run(context) {
      const { subject, backend } = context;
      const calls = fc
        .constantFrom(...backend.sampler.capabilities.operations)
        .chain((operation) => anyCall(operation, backend.sampler.capabilities));
      await forAll(context, fc.tuple(calls, calls), async ([call, other]) => {
        const first = await runOrFail(subject, call);
        await runOrFail(subject, other);
        const [again] = await Promise.all([runOrFail(subject, call), runOrFail(subject, other)]);
        const index = sameData(first, again);
        if (index === undefined) return;
        throw new ConformanceFailure("KEY-4", {
          note: "the same call gave another result the second time",
          call,
          index,
          got: again[0].data[index],
          expected: first[0].data[index],
        });
      });
    },
  },
];

/** Calls that are at work at the same time, on other keys and other logits. */
const AT_ONCE = 4;

function concurrentCalls(operation: OperationName): Call[] {
  return Array.from({ length: AT_ONCE }, (_, i) =>
    smallCall(operation, [6, 9], 60 + i, { key: key(60 + i) }),
  );
}

async function checkDefaultStream({ subject }: CaseContext, call: Call): Promise<void> {
  const root = key(7);
  // What is wrong with a keyed call is not the stream's fault.
  await checkPremise(subject, { ...call, options: { ...call.options, key: root } } as Call);
  const keyed = (i: number) => ({ ...call, options: { ...call.options, key: foldIn(root, i) } }) as Call;
  const expectKeys = async (got: readonly Result[], when: string) => {
    for (const [i, result] of got.entries()) {
      try {
        checkResult(keyed(i), result, await dueOf(keyed(i)));
      } catch (error) {
        const note = `call ${i} without a key, ${when}, is not that of foldIn(key(7), ${i}): ${error}`;
        throw new ConformanceFailure("KEY-3", { note, call });
      }
    }
    expectNextKey(got.length, call);
  };
  for (const when of ["after seed(7)", "after seed(7) once more"]) {
    seed(7);
    const got: Result[] = [];
    for (const i of [0, 1]) {
      // A call with a key must not draw from the stream.
      await runOrFail(subject, { ...call, options: { ...call.options, key: key(i) } } as Call);
      got.push(await runOrFail(subject, call));
    }
    await expectKeys(got, when);
  }
  await checkTogether(subject, [keyed(0), keyed(1), keyed(2)]);
  seed(7);
  const got = await Promise.all([0, 1, 2].map(() => runOrFail(subject, call)));
  await expectKeys(got, "at work at the same time as the others");
}

/** Checks calls with keys that are at work at the same time: what mixes these is no fault of the stream. */
async function checkTogether(subject: Subject, calls: readonly Call[]): Promise<void> {
  const results = await Promise.all(calls.map((call) => runOrFail(subject, call)));
  for (const [i, call] of calls.entries()) {
    try {
      checkResult(call, results[i], await dueOf(call));
    } catch (error) {
      const failure = new ConformanceFailure("KEY-4", {
        note: `of calls at work at the same time: ${error}`,
        call,
      });
      failure.isOfPremise = true;
      throw failure;
    }
  }
}

/** Checks how many keys have been drawn since `seed(7)`. */
function expectNextKey(drawn: number, call: Call): void {
  const [got, expected] = [nextKey(), foldIn(key(7), drawn)];
  if (String(got) === String(expected)) return;
  const note = `the default stream must have given ${drawn} keys by now, its next one is [${got}], not [${expected}]`;
  throw new ConformanceFailure("KEY-3", { note, call });
}
