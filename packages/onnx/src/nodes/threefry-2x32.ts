// Threefry-2x32 with 20 rounds (Salmon et al. 2011) as ONNX nodes, in one of two integer types. Bits are the same in
// both; they differ in which versions and providers of ONNX Runtime have a kernel for each node.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "./cast.ts";

/**
 * The integers that the generator adds in.
 * - `"uint32"`: the fewest nodes.
 * - `"uint64"`: no WebGPU provider has a kernel for it, so that the generator stays on the CPU as a whole instead of moving
 *   between CPU and GPU at each shift and xor; and the noise takes its logarithms by additions and multiplications, because
 *   WebGPU's Log is not accurate near 1.
 */
export type Integers = "uint32" | "uint64";

/** The block of each counter: `word = x0 ^ x1` and `x1`, as uint32 or (`"uint64"`) as uint64 below 2³². */
export interface Blocks {
  readonly word: Value;
  readonly x1: Value;
}

/** Rotation distances (Salmon et al. 2011, table 2), by round modulo 8. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];
const ROUNDS = 20;
/** Skein's key-schedule parity for 32-bit words. */
const PARITY = 0x1bd11bda;
const MASK = 0xffff_ffff;

/**
 * Adds the generator.
 *
 * @param key uint32 of shape [2], or with a key for each row [rows, 2]
 * @param counters high and low words, each of the type `integers`; a scalar high word spares a pass. With a key for
 *   each row, of shape [rows, elements of a row] or [elements of a row], and so are the blocks
 */
export function threefry2x32(
  builder: GraphBuilder,
  integers: Integers,
  key: Value,
  counters: { readonly high: Value; readonly low: Value },
  keys: "one" | "per-row" = "one",
): Blocks {
  return builder.scope("threefry", () => {
    const { node, constant } = builder;
    const arithmetic = ARITHMETIC[integers](builder);
    const { add, addKey } = arithmetic;
    const words = integers === "uint32" ? key : cast(builder, key, integers, "key");
    const [k0, k1] = [0, 1].map((i) =>
      keys === "one"
        ? node("Gather", [words, constant("int64", i)], `k${i}`)
        : node("Gather", [words, constant("int64", [i])], `k${i}`, { axis: 1 }),
    );
    const parity = constant(integers, PARITY);
    const k2 = node("BitwiseXor", [node("BitwiseXor", [k0, k1], "k0_xor_k1"), parity], "k2");
    const schedule = [k0, k1, k2];
    let x0 = add(counters.high, k0, "x0");
    let x1 = addKey(counters.low, k1, "x1");
    for (let round = 0; round < ROUNDS; round++) {
      builder.scope(`round_${round + 1}`, () => {
        x0 = add(x0, x1, "x0");
        const isLastOfFour = round % 4 === 3;
        x1 = arithmetic.rotateXor(x1, ROTATIONS[round % 8], x0, isLastOfFour);
        if (!isLastOfFour) return;
        const step = (round + 1) / 4;
        const [first, second] = [schedule[step % 3], schedule[(step + 1) % 3]];
        x0 = add(x0, first, "x0_key");
        x1 = addKey(x1, add(second, constant(integers, step), "subkey"), "x1_key");
      });
    }
    return arithmetic.outputs(x0, x1);
  });
}

interface Arithmetic {
  add(a: Value, b: Value, name: string): Value;
  /** Adds to x1, whose bits above the 32nd must be gone before it is rotated. */
  addKey(x1: Value, key: Value, name: string): Value;
  /** `rotl(x1, distance) ^ x0`; the caller adds a key to it where `keyFollows`. */
  rotateXor(x1: Value, distance: number, x0: Value, keyFollows: boolean): Value;
  outputs(x0: Value, x1: Value): Blocks;
}

const ARITHMETIC: Readonly<Record<Integers, (builder: GraphBuilder) => Arithmetic>> = {
  uint32: ({ node, constant }) => {
    const add = (a: Value, b: Value, name: string) => node("Add", [a, b], name);
    return {
      add,
      addKey: add,
      // The two parts of a rotation share no bit, so that an addition is an or; and WebGPU has a kernel for additions.
      rotateXor(x1, distance, x0) {
        const left = node("Mul", [x1, constant("uint32", 2 ** distance)], "left");
        const right = node("BitShift", [x1, constant("uint32", 32 - distance)], "right", {
          direction: "RIGHT",
        });
        return node("BitwiseXor", [add(left, right, "rotated"), x0], "x1");
      },
      outputs: (x0, x1) => ({ word: node("BitwiseXor", [x0, x1], "word"), x1 }),
    };
  },
  uint64: ({ node, constant }) => {
    const add = (a: Value, b: Value, name: string) => node("Add", [a, b], name);
    const low32 = (x: Value, name: string) => node("BitwiseAnd", [x, constant("uint64", MASK)], name);
    return {
      // x0 may keep what it carries above 32 bits: it is only added to (20 rounds stay below 2³⁸) and xored into x1, which
      // is cut before it is shifted.
      add,
      addKey: (x1, key, name) => low32(add(x1, key, `${name}_sum`), name),
      rotateXor(x1, distance, x0, keyFollows) {
        const left = node("Mul", [x1, constant("uint64", 2 ** distance)], "left");
        const right = node("BitShift", [left, constant("uint64", 32)], "right", { direction: "RIGHT" });
        const xor = node("BitwiseXor", [add(left, right, "rotated"), x0], "xor");
        return keyFollows ? xor : low32(xor, "x1");
      },
      outputs: (x0, x1) => ({ word: low32(node("BitwiseXor", [x0, x1], "xor"), "word"), x1 }),
    };
  },
};
