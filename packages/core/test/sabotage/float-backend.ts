// An honest float32 backend made of exchangeable parts, counted tensors and dispose: what the sabotaged ones start from.
import {
  ALL_CAPABILITIES,
  assertNoDegenerateRow,
  blockOf,
  degeneracyOf,
  gumbelOf,
  type ResolvedLogits,
  type ResolvedNoise,
  type ResolvedSoftmax,
  resolveCategorical,
  resolveGumbelSoftmax,
  resolveGumbelSoftmaxVjp,
  resolveNoise,
  resolveSoftmax,
  resolveSoftmaxVjp,
  resolveTopK,
  sizeOf,
  wordOf,
} from "../../src/adapter.ts";
import type { ConformanceBackend } from "../../src/conformance/index.ts";
import type { Awaitable, Key, NdArray, Precision, Sampler } from "../../src/index.ts";

/** A counted tensor: values that only `toArray` reads. */
export interface Handle {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** The steps of a sampler. Each can be exchanged for a faulty one. */
export interface Parts {
  /** The two words of an element's block. */
  block(noise: ResolvedNoise, index: number): [number, number];
  /** Gumbel noise of a block. */
  gumbel(x0: number, x1: number, precision: Precision): number;
  /** Word of a block. */
  word(x0: number, x1: number): number;
  /** Index of the largest perturbed logit. */
  argmax(z: Float32Array): number;
  /** Soft values of a row of perturbed logits. */
  softmax(z: Float32Array, temperature: number): Float32Array;
  /** Gradient of a row: y, cotangent, temperature. */
  vjp(y: Float32Array, cotangent: Float32Array, temperature: number): Float32Array;
  /** Hard values of a row. */
  oneHot(hot: number, classes: number): Float32Array;
  isDegenerate(logits: Float32Array): boolean;
  /** The noise that a gradient recomputes. */
  noiseOfGradient(noise: ResolvedNoise): ResolvedNoise;
  /** Order of a row's categories for top-k, best first. */
  order(z: Float32Array): number[];
  /** Where element `j` of a row that starts at `start` stands. */
  at(start: number, j: number, inner: number): number;
}

/** The right parts, in float32 where a GPU would be. */
const HONEST_PARTS: Parts = {
  block: (noise, index) => blockOf(noise.key, noise, index),
  gumbel: gumbelOf,
  word: wordOf,
  argmax(z) {
    let best = 0;
    for (let j = 1; j < z.length; j++) if (z[j] > z[best]) best = j;
    return best;
  },
  softmax(z, temperature) {
    const maximum = z.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    // Halves: the difference of two float32 may overflow.
    const y = z.map((value) => Math.exp((Math.fround(value / 2 - maximum / 2) * 2) / temperature));
    const sum = y.reduce((total, value) => total + value, 0);
    return y.map((value) => value / sum);
  },
  vjp(y, cotangent, temperature) {
    const mean = y.reduce((total, value, j) => (value === 0 ? total : total + value * cotangent[j]), 0);
    return y.map((value, j) => (value === 0 ? 0 : (value * (cotangent[j] - mean)) / temperature));
  },
  oneHot(hot, classes) {
    const y = new Float32Array(classes);
    if (classes > 0) y[hot] = 1;
    return y;
  },
  isDegenerate: (logits) => degeneracyOf(logits) !== undefined,
  noiseOfGradient: (noise) => noise,
  order: (z) => Array.from(z.keys()).sort((a, b) => z[b] - z[a] || a - b),
  at: (start, j, inner) => start + j * inner,
};

interface Row {
  start: number;
  logitsStart: number;
  z: Float32Array;
  degenerate: boolean;
}

/** What a fault may change: parts, or the finished sampler and backend. */
export interface Fault {
  readonly parts?: (honest: Parts) => Partial<Parts>;
  readonly sampler?: (honest: Sampler<Handle>, context: FaultContext) => Partial<Sampler<Handle>>;
}

/** What a fault on the whole sampler can use. */
export interface FaultContext {
  make(data: ArrayLike<number>, shape: readonly number[], integer?: boolean): Handle;
  release(handle: Handle): void;
  isAlive(handle: Handle): boolean;
}

/** Creates the backend, with a fault or without. */
export function createFloatBackend(fault: Fault = {}): ConformanceBackend<Handle> {
  const parts: Parts = { ...HONEST_PARTS, ...fault.parts?.(HONEST_PARTS) };
  const alive = new Set<Handle>();
  let disposed = false;
  const make = (data: ArrayLike<number>, shape: readonly number[], integer = false): Handle => {
    const handle = { data: integer ? Int32Array.from(data) : Float32Array.from(data), shape: [...shape] };
    alive.add(handle);
    return handle;
  };
  const assertAlive = (value: unknown) => {
    const isHandle = typeof value === "object" && value !== null && "data" in value;
    if (isHandle && !alive.has(value as Handle)) throw new Error("the tensor is released");
  };
  const context: FaultContext = {
    make,
    release: (handle) => void alive.delete(handle),
    isAlive: (handle) => alive.has(handle),
  };
  const honest = createParts(parts, make);
  const sampler = { ...honest, ...fault.sampler?.(honest, context) };
  return {
    sampler: {
      ...guard(sampler, () => disposed, assertAlive),
      dispose() {
        if (sampler.dispose !== undefined) sampler.dispose();
        else disposed = true;
      },
    },
    fromArray: ({ data, shape }: NdArray) => make(data as ArrayLike<number>, shape),
    toArray(handle) {
      assertAlive(handle);
      return { data: handle.data.slice(), shape: [...handle.shape] };
    },
    release: context.release,
    liveTensors: () => alive.size,
  };
}

/** Every operation of a disposed sampler throws, and every one on a released tensor. */
function guard(
  sampler: Sampler<Handle>,
  isDisposed: () => boolean,
  assertAlive: (value: unknown) => void,
): Sampler<Handle> {
  const guarded: Record<string, unknown> = { ...sampler };
  for (const operation of ALL_CAPABILITIES.operations) {
    guarded[operation] = (...values: unknown[]) => {
      if (isDisposed()) throw new Error("the sampler is disposed");
      values.forEach(assertAlive);
      return (sampler[operation] as (...values: unknown[]) => Awaitable<unknown>)(...values);
    };
  }
  return guarded as unknown as Sampler<Handle>;
}

function createParts(parts: Parts, make: FaultContext["make"]): Sampler<Handle> {
  const gumbelAt = (noise: ResolvedNoise, index: number) => {
    const [x0, x1] = parts.block(noise, index);
    return parts.gumbel(x0, x1, noise.precision);
  };

  function* rowsOf(logits: Handle, call: ResolvedLogits, noise?: ResolvedNoise): Generator<Row> {
    const { samples, outer, classes, inner } = call.rows;
    if (call.validate) assertNoDegenerateRow(logits.data, call.rows);
    for (let row = 0; row < samples * outer * inner; row++) {
      const logitsStart = (Math.floor(row / inner) % outer) * classes * inner + (row % inner);
      const start = Math.floor(row / (outer * inner)) * outer * classes * inner + logitsStart;
      const z = new Float32Array(classes);
      for (let j = 0; j < classes; j++) z[j] = logits.data[parts.at(logitsStart, j, inner)];
      const degenerate = parts.isDegenerate(z);
      if (noise !== undefined) {
        for (let j = 0; j < classes; j++) z[j] += Math.fround(gumbelAt(noise, start + j * inner));
      }
      yield { start, logitsStart, z, degenerate };
    }
  }

  function forward(logits: Handle, call: ResolvedSoftmax, noise?: ResolvedNoise): Handle {
    const { classes, inner } = call.rows;
    const data = new Float32Array(sizeOf(call.outputShape));
    for (const { start, z, degenerate } of rowsOf(logits, call, noise)) {
      const y = call.hard ? parts.oneHot(parts.argmax(z), classes) : parts.softmax(z, call.temperature);
      for (let j = 0; j < classes; j++) data[parts.at(start, j, inner)] = degenerate ? Number.NaN : y[j];
    }
    return make(data, call.outputShape);
  }

  function backward(logits: Handle, cotangent: Handle, call: ResolvedSoftmax, noise?: ResolvedNoise): Handle {
    const { classes, inner } = call.rows;
    const data = new Float32Array(sizeOf(logits.shape));
    for (const { start, logitsStart, z, degenerate } of rowsOf(logits, call, noise)) {
      const y = parts.softmax(z, call.temperature);
      const c = y.map((_, j) => cotangent.data[parts.at(start, j, inner)]);
      const gradient = parts.vjp(y, c, call.temperature);
      for (let j = 0; j < classes; j++) {
        data[parts.at(logitsStart, j, inner)] += degenerate ? Number.NaN : gradient[j];
      }
    }
    return make(data, logits.shape);
  }

  return {
    backend: "float32 parts",
    capabilities: ALL_CAPABILITIES,
    bits(shape, options) {
      const noise = resolveNoise(shape, options);
      const words = Int32Array.from({ length: sizeOf(shape) }, (_, i) =>
        parts.word(...parts.block(noise, i)),
      );
      return make(words, shape, true);
    },
    gumbel(shape, options) {
      const noise = resolveNoise(shape, options);
      return make(
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => gumbelAt(noise, i)),
        shape,
      );
    },
    softmax: (logits, options) => forward(logits, resolveSoftmax(logits.shape, options)),
    gumbelSoftmax(logits, options) {
      const call = resolveGumbelSoftmax(logits.shape, options);
      return forward(logits, call, call.noise);
    },
    softmaxVjp: (logits, cotangent, options) =>
      backward(logits, cotangent, resolveSoftmaxVjp(logits.shape, cotangent.shape, options)),
    gumbelSoftmaxVjp(logits, cotangent, options) {
      const call = resolveGumbelSoftmaxVjp(logits.shape, cotangent.shape, options);
      return backward(logits, cotangent, call, parts.noiseOfGradient(call.noise));
    },
    categorical(logits, options) {
      const call = resolveCategorical(logits.shape, options);
      const rows = [...rowsOf(logits, call, call.noise)];
      return make(
        rows.map(({ z, degenerate }) => (degenerate ? -1 : parts.argmax(z))),
        call.outputShape,
        true,
      );
    },
    topK(logits, k, options) {
      const call = resolveTopK(logits.shape, k, options);
      const { classes, inner } = call.rows;
      const values = new Float32Array(sizeOf(call.outputShape));
      const indices = new Int32Array(values.length);
      for (const { logitsStart, z, degenerate } of rowsOf(logits, call, call.noise)) {
        const order = parts.order(z);
        const start = Math.floor(logitsStart / (classes * inner)) * k * inner + (logitsStart % inner);
        for (let place = 0; place < k; place++) {
          const best = order[place];
          values[start + place * inner] = degenerate ? Number.NaN : z[best];
          indices[start + place * inner] = degenerate || z[best] === Number.NEGATIVE_INFINITY ? -1 : best;
        }
      }
      return { values: make(values, call.outputShape), indices: make(indices, call.outputShape, true) };
    },
  };
}

/** A key with its low word changed, for faults that take another key. */
export function otherKey([hi, lo]: Key): Key {
  return [hi, (lo ^ 1) >>> 0];
}
