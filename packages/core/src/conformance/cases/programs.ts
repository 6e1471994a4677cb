// Calls as programs make them: without options, with keys and logits that are views, with arrays that change afterwards,
// several at a time.
import { OPERATION_NAMES, operations } from "../../operation-table.ts";
import { foldIn, type Key, key } from "../../random/key.ts";
import { nextKey, seed } from "../../random/key-stream.ts";
import { DEFINITIONS } from "../../spec/clauses.ts";
import { type Call, hasOption } from "../call.ts";
import { isOnLogits, smallCall } from "../call-on.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { checkCall, checkPremise, checkResult, dueOf, expectedOf, runOrFail } from "../checks/check.ts";
import { checkChangedLater } from "../checks/check-changed-later.ts";
import { runWithOptions } from "../checks/run-with-options.ts";
import { ConformanceFailure } from "../failure.ts";

function withOptions(call: Call, options: unknown): Call {
  return { ...call, options } as unknown as Call;
}

function withKey(call: Call, words: unknown): Call {
  return withOptions(call, { ...call.options, key: words });
}

/** A call with the key that the default stream gives first after `seed(7)`. */
function firstOfStream(call: Call): Call {
  return withKey(call, foldIn(key(7), 0));
}

export const programCases: readonly ConformanceCase[] = OPERATION_NAMES.flatMap(
  (operation): ConformanceCase[] => {
    const isKeyed = hasOption(operation, "key");
    const needsKey = operation === "gumbelSoftmaxVjp";
    const plain = () => withOptions(smallCall(operation, [5, 7], 151), {});
    return [
      ...(needsKey
        ? []
        : [
            {
              id: `programs/no-options-${operation}`,
              kind: "exact",
              title: `${operation} without options has the defaults of all of them`,
              clauses: [DEFINITIONS[operation], "ARG-4", "KEY-3"],
              needs: { operations: [operation] },
              async run({ subject }) {
                await checkPremise(subject, isKeyed ? withKey(plain(), key(7)) : plain());
                for (const options of [undefined, null, {}, Object.freeze({}), { key: undefined }]) {
                  seed(7);
                  const got = await runOrFail(subject, withOptions(plain(), options));
                  const call = isKeyed ? firstOfStream(plain()) : plain();
                  checkResult(call, got, await dueOf(call));
                }
              },
            } satisfies ConformanceCase,
          ]),
      ...(isKeyed
        ? [
            {
              id: `programs/keys-${operation}`,
              kind: "exact",
              title: `${operation} takes a key that is a typed array, a view of one, or frozen`,
              clauses: ["KEY-1", "KEY-4"],
              needs: { operations: [operation] },
              run: (context) => checkKeys(context, plain()),
            } satisfies ConformanceCase,
          ]
        : []),
      {
        id: `programs/inherited-${operation}`,
        kind: "exact",
        title: `${operation} takes options that are inherited or come from getters, and reads each once`,
        clauses: ["ARG-4"],
        needs: { operations: [operation] },
        run: (context) =>
          checkInherited(
            context,
            smallCall(operation, [5, 7], 157, { axis: 0, temperature: 0.6, sampleShape: [2] }),
          ),
      },
      {
        id: `programs/overlapping-${operation}`,
        kind: "exact",
        title: `calls of ${operation} at the same time that differ in options keep them apart, a refused one among them`,
        clauses: ["KEY-4", "ARG-2"],
        needs: { operations: [operation] },
        async run({ subject }) {
          const call = smallCall(operation, [6, 6], 152, { key: key(153) });
          const changes: object[] = [
            {},
            { axis: 0 },
            { temperature: 0.4 },
            { hard: true },
            { key: key(154) },
          ];
          const calls = changes
            .filter((change) => Object.keys(change).every((name) => hasOption(operation, name)))
            .map((change) => withOptions(call, { ...call.options, ...change }));
          for (const each of calls) await checkPremise(subject, each);
          const refused = subject.run(withOptions(call, { nothing: 1 })).then(
            () => "no error",
            () => undefined,
          );
          await Promise.all([...calls, ...[...calls].reverse()].map((each) => checkCall(subject, each)));
          const note = await refused;
          if (note !== undefined)
            throw new ConformanceFailure("ARG-4", { note: `an unknown option gave ${note}`, call });
        },
      },
      {
        id: `programs/results-${operation}`,
        kind: "exact",
        title: `results of ${operation} are of their type: int32 where they are indices, and no −0 among them`,
        clauses: [DEFINITIONS[operation]],
        needs: { operations: [operation] },
        async run({ subject }) {
          const call = smallCall(operation, [9, 8], 155);
          const results = await checkCall(subject, call);
          Object.values(operations[operation].outputs).forEach(({ dtype }, i) => {
            if (dtype === "float32") return;
            const index = Array.from(results[i].data as ArrayLike<number>).findIndex(
              (value) => !Number.isInteger(value) || Object.is(value, -0),
            );
            if (index === -1) return;
            const note = "an index or a word is no integer";
            throw new ConformanceFailure(DEFINITIONS[operation], {
              note,
              call,
              index,
              got: results[i].data[index],
            });
          });
        },
      },
      ...(isOnLogits(operation)
        ? [
            {
              id: `programs/changed-later-${operation}`,
              kind: "exact",
              title: `${operation} reads its arrays before it returns: what a caller writes into them afterwards changes nothing`,
              clauses: ["LIFE-1"],
              needs: { operations: [operation] },
              run: (context) =>
                checkChangedLater(context, smallCall(operation, [40, 300], 156, { sampleShape: [2] })),
            } satisfies ConformanceCase,
          ]
        : []),
    ];
  },
);

/** Options of a prototype, and of a class whose getters no loop over an object lists. */
async function checkInherited({ subject, backend }: CaseContext, call: Call): Promise<void> {
  await checkPremise(subject, call);
  const due = await dueOf(call);
  const reads: Record<string, number> = {};
  const getters = Object.entries(call.options).map(([name, value]) => {
    reads[name] = 0;
    const get = () => {
      reads[name]++;
      return value;
    };
    return [name, { get }] as const;
  });
  const ofClass = Object.create(Object.defineProperties({}, Object.fromEntries(getters))) as object;
  for (const options of [Object.create(call.options) as object, ofClass]) {
    checkResult(call, await runWithOptions(backend, call, options), due);
  }
  for (const [name, count] of Object.entries(reads)) {
    if (count === 1) continue;
    const note = `the option ${name} was read ${count} times: a getter may give another value each time`;
    throw new ConformanceFailure("ARG-4", { note, call });
  }
}

async function checkKeys({ subject }: CaseContext, call: Call): Promise<void> {
  const words: Key = [7, 0x80000003];
  const expected = await expectedOf(withKey(call, words));
  await checkPremise(subject, withKey(call, words));
  const view = Uint32Array.of(1, 7, 0x80000003, 5).subarray(1, 3);
  for (const given of [Uint32Array.from(words), view, Object.freeze([...words])]) {
    checkResult(withKey(call, words), await runOrFail(subject, withKey(call, given)), expected);
  }
  seed(7);
  await runOrFail(subject, withKey(call, words));
  if (String(nextKey()) !== String(foldIn(key(7), 0)))
    throw new ConformanceFailure("KEY-3", { note: "a call with a key drew one of the default stream", call });
}
