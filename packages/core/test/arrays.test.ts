// What the reference takes for an array of numbers, and what it refuses rather than misread.
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { assertLogits, bits, categorical, createKeyStream, foldIn, key, softmax } from "../src/index.ts";

const options = { key: key(1) };

it("takes numbers of any kind, of another realm too", () => {
  const expected = softmax({ data: [0, 1, 2], shape: [3] });
  for (const source of ["[0, 1, 2]", "Float32Array.of(0, 1, 2)", "Int32Array.of(0, 1, 2)"]) {
    expect(softmax({ data: runInNewContext(source), shape: runInNewContext("[3]") })).toEqual(expected);
  }
  const keyed = { key: runInNewContext("Uint32Array.of(0, 1)") };
  expect(categorical({ data: [0, 1, 2], shape: [3] }, keyed).data).toEqual(
    categorical({ data: [0, 1, 2], shape: [3] }, options).data,
  );
});

it("refuses what may be the bits of float16, of another realm too", () => {
  for (const data of [Uint16Array.of(1, 2), runInNewContext("Uint16Array.of(1, 2)")]) {
    const message = /data must hold numbers, got a Uint16Array, which may hold the bits of float16: convert/;
    expect(() => categorical({ data, shape: [2] }, options)).toThrow(message);
    expect(() => assertLogits({ data, shape: [2] })).toThrow(message);
  }
});

it("says which argument asks for more than can be allocated", () => {
  const logits = { data: [0, 1, 2], shape: [3] };
  expect(() => categorical(logits, { ...options, sampleShape: [2 ** 26, 2 ** 26] })).toThrow(
    "sampleShape must leave fewer than 2^53 elements in all, got [67108864, 67108864]",
  );
  const message = "must leave few enough elements to allocate, got";
  expect(() => categorical(logits, { ...options, sampleShape: [2 ** 45] })).toThrow(
    `sampleShape ${message} [35184372088832, 3] in all`,
  );
  expect(() => bits([2 ** 45], options)).toThrow(`shape ${message} [35184372088832] in all`);
});

it("refuses an array without a shape, and says where a shape belongs", () => {
  const row = Float32Array.of(1, 2);
  expect(() => categorical(row as never, options)).toThrow(
    "logits must be an array { data, shape }, got [1, 2]",
  );
  const beside = { ...options, shape: [2, 1] } as never;
  expect(() => categorical({ data: row, shape: [2] }, beside)).toThrow(
    "categorical has no option shape: a tensor's shape stands beside its values, { data, shape }; that of independent samples is sampleShape",
  );
});

it("takes masks of another realm, and refuses shapes with holes", () => {
  const logits = { data: [0, 9, 0], shape: [3] };
  for (const source of ["Int32Array.of(4)", "Uint32Array.of(4)"]) {
    expect(Array.from(categorical(logits, { ...options, mask: runInNewContext(source) }).data)).toEqual([2]);
  }
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is refused
  for (const sampleShape of [[, 2], new Array<number>(1)]) {
    expect(() => categorical(logits, { ...options, sampleShape } as never)).toThrow(
      /^sampleShape must hold non-negative integers, got \[undefined/,
    );
  }
});

it("reads each option once: a getter may draw from a stream of keys", () => {
  const logits = { data: [0, 1, 2], shape: [3] };
  const stream = createKeyStream(5);
  const drawing = {
    sampleShape: [20],
    get key() {
      return stream.next();
    },
  };
  for (const draw of [0, 1]) {
    const expected = categorical(logits, { sampleShape: [20], key: foldIn(key(5), draw) });
    expect(categorical(logits, drawing)).toEqual(expected);
  }
});

it("refuses options that the check of logits does not have, and shows lists that hold themselves in few words", () => {
  const logits = { data: [0, 1], shape: [1, 2] };
  expect(() => assertLogits(logits, { axes: 0 } as never)).toThrow(
    "assertLogits has no option axes: did you mean axis?",
  );
  expect(() => assertLogits(logits, 0 as never)).toThrow(
    "assertLogits takes options such as { axis }, got 0",
  );
  const cycle: unknown[] = [1];
  cycle.push(cycle);
  expect(() => categorical(cycle as never, options)).toThrow(
    "logits must be an array { data, shape }, got [1, [1, [1, […]]]]",
  );
});
