// Keys and key streams: the range of seeds, laws of derivation, errors.
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  bits,
  categorical,
  createKeyStream,
  foldIn,
  gumbel,
  key,
  nextKey,
  seed,
  split,
  threefry2x32,
} from "../src/index.ts";

const anyKey = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(key);

describe("key", () => {
  it.each([
    [0, [0, 0]],
    [42n, [0, 42]],
    [2 ** 32, [1, 0]],
    [2 ** 53 - 1, [0x1fffff, 0xffffffff]],
    [0x0123456789abcdefn, [0x01234567, 0x89abcdef]],
    [2n ** 64n - 1n, [0xffffffff, 0xffffffff]],
    [-1, [0xffffffff, 0xffffffff]],
    [-(2n ** 63n), [0x80000000, 0]],
  ])("of %s is %j: its high and low word, in two's complement", (value, expected) => {
    expect(key(value)).toEqual(expected);
  });

  // jax.random.key(seed) of JAX 0.10.2 with its default of 32 bits.
  it.each([
    [-1, [0, 4294967295]],
    [2 ** 32 + 1, [0, 1]],
    [2n ** 63n - 1n, [0, 4294967295]],
  ])("of the low 32 bits of %s is that of JAX without 64-bit integers", (value, expected) => {
    expect(key(BigInt.asUintN(32, BigInt(value)))).toEqual(expected);
  });

  it.each([
    [2 ** 53, RangeError],
    [2n ** 64n, RangeError],
    [-(2n ** 63n) - 1n, RangeError],
    [0.5, TypeError],
    [Number.NaN, TypeError],
    ["42", TypeError],
    [undefined, TypeError],
  ])("refuses %s, naming the argument and the value", (value, type) => {
    expect(() => key(value as number)).toThrow(type);
    expect(() => key(value as number)).toThrow(/^seed must be .*got/);
  });
});

describe("split and foldIn", () => {
  it("agree: child i is foldIn(key, i), whatever the number of children", () => {
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 1, max: 20 }), (parent, count) => {
        const children = split(parent, count);
        expect(children).toEqual(Array.from({ length: count }, (_, i) => foldIn(parent, i)));
      }),
    );
  });

  it("are one block: foldIn(key, data) is threefry2x32 of data's two words", () => {
    fc.assert(
      fc.property(anyKey, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (parent, data) => {
        const [hi, lo] = key(data);
        expect(foldIn(parent, data)).toEqual(threefry2x32(parent[0], parent[1], hi, lo));
      }),
    );
  });

  it("split gives two keys unless told otherwise, and none if told so", () => {
    expect(split(key(3))).toHaveLength(2);
    expect(split(key(3), 0)).toEqual([]);
  });

  it.each([
    [() => split(key(0), -1), RangeError, /count/],
    [() => split(key(0), 1.5), RangeError, /count/],
    [() => split(key(0), 2 ** 40), RangeError, /count/],
    [() => split(key(0), "2" as never), RangeError, /count/],
    [() => foldIn(key(0), -1), RangeError, /data/],
    [() => foldIn(key(0), 2n ** 64n), RangeError, /data/],
    [() => foldIn(key(0), 0.5), TypeError, /data/],
    [() => foldIn([0, 2 ** 32], 0), RangeError, /key/],
    [() => foldIn([0, -1], 0), RangeError, /key/],
    [() => foldIn([0] as never, 0), TypeError, /key/],
    [() => foldIn(7 as never, 0), TypeError, /key/],
    [() => foldIn(["0", "1"] as never, 0), TypeError, /key/],
  ])("refuses %s", (call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });

  it("takes a key as any pair of words: an array, or a Uint32Array", () => {
    expect(foldIn(new Uint32Array([1, 2]) as never, 5)).toEqual(foldIn([1, 2], 5));
  });
});

describe("key streams", () => {
  it("give foldIn(root, 0), foldIn(root, 1), …, and start over from a seed", () => {
    const stream = createKeyStream(7);
    const drawn = [stream.next(), stream.next(), stream.next()];
    expect(drawn).toEqual([0, 1, 2].map((i) => foldIn(key(7), i)));
    stream.seed(7);
    expect(stream.next()).toEqual(drawn[0]);
    stream.seed(0);
    expect(stream.next()).toEqual(foldIn(key(0), 0));
  });

  it("count what they have drawn, and go back to where they were", () => {
    const stream = createKeyStream(7);
    const [, second] = [stream.next(), stream.next()];
    expect(stream.drawn).toBe(2);
    stream.drawn = 1;
    expect(stream.next()).toEqual(second);
  });

  it("start from 64 bits of the platform's entropy, read once, when no seed is given", () => {
    const entropy = vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
      (array as unknown as Uint32Array).set([11, 22]);
      return array;
    });
    const stream = createKeyStream();
    expect(entropy).not.toHaveBeenCalled();
    expect([stream.next(), stream.next()]).toEqual([foldIn([11, 22], 0), foldIn([11, 22], 1)]);
    expect(entropy).toHaveBeenCalledOnce();
    entropy.mockRestore();
  });

  it("two unseeded streams differ", () => {
    expect(createKeyStream().next()).not.toEqual(createKeyStream().next());
  });

  it("the default stream is behind every left-out key, and seed(n) starts it over", () => {
    const logits = { data: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], shape: [10] };
    seed(5);
    const first = [bits([3]).data, gumbel([3]).data, categorical(logits, { sampleShape: [20] }).data];
    expect(first[0]).toEqual(bits([3], { key: foldIn(key(5), 0) }).data);
    seed(5);
    expect([bits([3]).data, gumbel([3]).data, categorical(logits, { sampleShape: [20] }).data]).toEqual(
      first,
    );
    seed(5);
    expect(nextKey()).toEqual(foldIn(key(5), 0));
  });
});
