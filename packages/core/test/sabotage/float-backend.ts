// An honest float32 backend over exchangeable parts, with counted tensors and dispose: what the sabotaged ones start from.
import {
  type Backend,
  createSamplerOver,
  ESTIMATORS,
  FILTERS,
  FLT_MAX,
  type ResolvedDecoding,
  type ResolvedGumbelSoftmax,
  type ResolvedLogits,
  type ResolvedNoise,
  type ResolvedSoftmax,
  rowCountOf,
  rowStartOf,
  sizeOf,
} from "../../src/adapter.ts";
import type { ConformanceBackend, KeyFunctions } from "../../src/conformance/index.ts";
import {
  type Capabilities,
  foldIn,
  type Key,
  key,
  type NdArray,
  type Sampler,
  split,
} from "../../src/index.ts";
import { HONEST_PARTS, isMasked, type Parts } from "./float-parts.ts";

/** A counted tensor: values that only `toArray` reads. */
export interface Handle {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

interface Row {
  readonly index: number;
  readonly rowOfLogits: number;
  readonly start: number;
  readonly logitsStart: number;
  readonly logits: Float32Array;
  readonly noise: Float32Array;
  readonly isDegenerate: boolean;
}

/** What a fault may change: parts, or the finished sampler and backend. */
export interface Fault {
  readonly parts?: (honest: Parts) => Partial<Parts>;
  readonly sampler?: (honest: Sampler<Handle>, context: FaultContext) => Partial<Sampler<Handle>>;
  readonly keys?: Partial<KeyFunctions>;
}

/** What a fault on the whole sampler can use. */
export interface FaultContext {
  make(data: ArrayLike<number>, shape: readonly number[], integer?: boolean): Handle;
  release(handle: Handle): void;
  isAlive(handle: Handle): boolean;
}

/**
 * Creates the backend, with a fault or without.
 *
 * @param lack capabilities in place of all of them
 */
export function createFloatBackend(
  fault: Fault = {},
  lack: Partial<Capabilities> = {},
): ConformanceBackend<Handle> {
  const parts: Parts = { ...HONEST_PARTS, ...fault.parts?.(HONEST_PARTS) };
  const alive = new Set<Handle>();
  const make = (data: ArrayLike<number>, shape: readonly number[], integer = false): Handle => {
    const handle = { data: integer ? Int32Array.from(data) : Float32Array.from(data), shape: [...shape] };
    alive.add(handle);
    return handle;
  };
  const assertAlive = (value: unknown) => {
    if (!alive.has(value as Handle)) throw new TypeError("the tensor is released");
  };
  const context: FaultContext = {
    make,
    release: (handle) => void alive.delete(handle),
    isAlive: (handle) => alive.has(handle),
  };
  const { kernels, ...host } = backendOf(parts, make, assertAlive);
  const { operations = Object.keys(kernels), ...rest } = lack;
  const present = Object.entries(kernels).filter(([name]) =>
    (operations as readonly string[]).includes(name),
  );
  const honest = createSamplerOver({ ...host, ...rest, kernels: Object.fromEntries(present) });
  return {
    sampler: { ...honest, ...fault.sampler?.(honest, context) },
    fromArray: ({ data, shape }: NdArray) => make(data as ArrayLike<number>, shape),
    toArray(handle) {
      assertAlive(handle);
      return { data: handle.data.slice(), shape: [...handle.shape] };
    },
    release: context.release,
    keys: { key, split, foldIn, ...fault.keys },
    liveTensors: () => alive.size,
  };
}

function backendOf(
  parts: Parts,
  make: FaultContext["make"],
  assertAlive: (value: unknown) => void,
): Backend<Handle> {
  const gumbelAt = (noise: ResolvedNoise, index: number) => {
    const [x0, x1] = parts.block(noise, index);
    return parts.gumbel(x0, x1, noise.precision);
  };

  function* rowsOf(
    logits: Handle,
    call: ResolvedLogits,
    noise?: ResolvedNoise,
    decoding?: ResolvedDecoding,
  ): Generator<Row> {
    const { samples, categories, inner } = call.layout;
    const rows = rowCountOf(call.layout);
    for (let index = 0; index < samples * rows; index++) {
      const rowOfLogits = index % rows;
      const logitsStart = rowStartOf(call.layout, rowOfLogits);
      const start = rowStartOf(call.layout, index);
      // Loops: `from` and `map` with a function take several times as long for rows of a few categories.
      const row = new Float32Array(categories);
      for (let j = 0; j < categories; j++) row[j] = logits.data[parts.at(logitsStart, j, inner)];
      if (decoding !== undefined) {
        const masked = Float64Array.from(row);
        parts.mask(masked, decoding, rowOfLogits);
        row.set(masked);
      }
      const key = decoding?.keys?.[rowOfLogits];
      const sample = Math.floor(index / rows);
      const g = new Float32Array(categories);
      const own = noise === undefined || key === undefined ? noise : { ...noise, key };
      for (let j = 0; own !== undefined && j < categories; j++) {
        const at = start + j * inner;
        g[j] = gumbelAt(own, key === undefined ? at : parts.ownIndex(sample, categories, j, at));
      }
      const isDegenerate = parts.isDegenerate(row);
      yield { index, rowOfLogits, start, logitsStart, logits: row, noise: g, isDegenerate };
    }
  }

  /** Perturbed logits of a row, −∞ for what its filters leave out. */
  function perturbKept(row: Row, temperature: number, decoding?: ResolvedDecoding): Float32Array {
    if (decoding === undefined) return parts.perturb(row.logits, row.noise, temperature);
    const tau = parts.temperatureOf(decoding, row.rowOfLogits, row.index);
    if (tau === 0) return parts.perturb(row.logits, row.noise, 0);
    const kept = parts.keep(Float64Array.from(row.logits), parts.filterOf(decoding, row.rowOfLogits));
    const z = parts.perturb(row.logits, parts.noiseOfKept(row.noise, kept), tau);
    const isKept = new Set(kept);
    return z.map((value, j) => (isKept.has(j) ? value : Number.NEGATIVE_INFINITY));
  }

  function forward(logits: Handle, call: ResolvedSoftmax, noise?: ResolvedNoise): { y: Handle } {
    const { categories, inner } = call.layout;
    const data = new Float32Array(sizeOf(call.outputShape));
    for (const { start, isDegenerate, ...row } of rowsOf(logits, call, noise)) {
      const z = parts.perturb(row.logits, row.noise, 1);
      const soft = call.log ? parts.logSample : parts.softmax;
      const y = call.hard ? parts.oneHot(parts.argmax(z), categories) : soft(z, call.temperature);
      for (let j = 0; j < categories; j++) data[parts.at(start, j, inner)] = isDegenerate ? Number.NaN : y[j];
    }
    return { y: make(data, call.outputShape) };
  }

  /** The product of one row, with an estimator. */
  function estimate(row: Row, c: Float32Array, call: ResolvedGumbelSoftmax): Float32Array {
    const { temperature, estimator, noise, layout } = call;
    const z = parts.perturb(row.logits, row.noise, 1);
    const s = parts.perturb(
      row.logits,
      row.noise.map(() => 0),
      1,
    );
    const hot = parts.argmax(z);
    const pull = (values: Float32Array, tau: number) => parts.vjp(parts.softmax(values, tau), c, tau);
    if (estimator?.name === "straight-through") return pull(z, estimator.temperature);
    if (estimator?.name === "gapped") {
      const { gap } = estimator;
      return pull(
        parts.gapped(s, hot, gap === "expected" ? parts.expectedGap(s, hot, temperature) : gap),
        temperature,
      );
    }
    if (estimator?.name === "reinmax") {
      const pi = parts.midpoint(parts.softmax(s, temperature), hot, z);
      return parts.reinmax(parts.vjp(pi, c, 1), pull(s, 1));
    }
    if (estimator?.name === "gumbel-rao") {
      const mean = new Float64Array(c.length);
      const keys = parts.keysOf(estimator, noise.key);
      for (const key of keys) {
        const g = row.noise.map((_, j) => gumbelAt({ ...noise, key }, row.start + j * layout.inner));
        const product = pull(parts.redrawn(s, g, hot), temperature);
        parts.throughRedraw(product, s, g, hot).forEach((value, j) => {
          mean[j] += value / keys.length;
        });
      }
      return Float32Array.from(mean);
    }
    return pull(z, temperature);
  }

  function backward(
    { logits, cotangent }: { readonly logits: Handle; readonly cotangent: Handle },
    call: ResolvedSoftmax & Partial<ResolvedGumbelSoftmax>,
    noise?: ResolvedNoise,
  ): { gradient: Handle } {
    const { categories, inner } = call.layout;
    const data = new Float32Array(sizeOf(logits.shape));
    for (const row of rowsOf(logits, call, noise)) {
      const { start, logitsStart, isDegenerate } = row;
      const z = parts.perturb(row.logits, row.noise, 1);
      const y = (call.log ? parts.logSample : parts.softmax)(z, call.temperature);
      const c = y.map((_, j) => cotangent.data[parts.at(start, j, inner)]);
      const gradient =
        call.estimator === undefined
          ? (call.log ? parts.logVjp : parts.vjp)(y, c, call.temperature)
          : estimate(row, c, call as ResolvedGumbelSoftmax);
      for (let j = 0; j < categories; j++) {
        data[parts.at(logitsStart, j, inner)] += isDegenerate ? Number.NaN : gradient[j];
      }
    }
    return { gradient: make(data, logits.shape) };
  }

  return {
    name: "float32 parts",
    mode: "sync",
    logarithms: true,
    filters: FILTERS,
    perRow: true,
    estimators: ESTIMATORS,
    shapeOf(value, argument) {
      if (typeof value !== "object" || value === null || !("data" in value))
        throw new TypeError(`${argument} must be a handle, got ${value}`);
      assertAlive(value);
      return value.shape;
    },
    valuesOf: ({ data }) => data,
    zeros: ({ dtype, shape }) => make(new Float32Array(sizeOf(shape)), shape, dtype !== "float32"),
    kernels: {
      bits(noise) {
        const words = new Int32Array(sizeOf(noise.shape));
        for (let i = 0; i < words.length; i++) words[i] = parts.word(...parts.block(noise, i));
        return { words: make(words, noise.shape, true) };
      },
      gumbel(noise) {
        const data = new Float32Array(sizeOf(noise.shape));
        for (let i = 0; i < data.length; i++) data[i] = gumbelAt(noise, i);
        return { noise: make(data, noise.shape) };
      },
      softmax: (call, { logits }) => forward(logits, call),
      gumbelSoftmax: (call, { logits }) => forward(logits, call, call.noise),
      softmaxVjp: (call, inputs) => backward(inputs, call),
      gumbelSoftmaxVjp: (call, inputs) => backward(inputs, call, parts.noiseOfGradient(call.noise)),
      categorical(call, { logits }) {
        const { noise, temperature, decoding } = call;
        const indices = Array.from(rowsOf(logits, call, noise, decoding), (row) => {
          const z = perturbKept(row, temperature, decoding);
          return row.isDegenerate || z.every((value) => value === Number.NEGATIVE_INFINITY)
            ? -1
            : parts.argmax(z);
        });
        return { indices: make(indices, call.outputShape, true) };
      },
      logProb(call, { logits, indices }) {
        const { decoding } = call;
        const values = Array.from(rowsOf(logits, call, undefined, decoding), (row) => {
          const index = indices.data[row.index];
          if (row.isDegenerate || index < 0) return Number.NaN;
          if (row.logits[index] === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY;
          const tau =
            decoding === undefined
              ? call.temperature
              : parts.temperatureOf(decoding, row.rowOfLogits, row.index);
          const z = parts.perturb(row.logits, row.noise, tau);
          if (decoding === undefined) return Math.max(-FLT_MAX, parts.logSoftmax(z, index));
          const filter = parts.filterOf(decoding, row.rowOfLogits);
          const kept = parts.keep(Float64Array.from(row.logits), filter);
          const value = parts.logProbOfKept(z, kept, index);
          return value === Number.NEGATIVE_INFINITY ? value : Math.max(-FLT_MAX, value);
        });
        return { logProbs: make(values, call.outputShape) };
      },
      conditionalGumbel(call, { logits, indices }) {
        const { layout, noise, temperature, outputShape } = call;
        const data = new Float32Array(sizeOf(outputShape));
        for (const row of rowsOf(logits, call, noise)) {
          const index = indices.data[row.index];
          const s = parts.perturb(row.logits, new Float32Array(layout.categories), temperature);
          const isPossible =
            !row.isDegenerate && index >= 0 && row.logits[index] !== Number.NEGATIVE_INFINITY;
          const values = isPossible ? parts.condition(row.noise, s, index) : s.fill(Number.NaN);
          values.forEach((value, j) => {
            data[parts.at(row.start, j, layout.inner)] = value;
          });
        }
        return { noise: make(data, outputShape) };
      },
      entropy(call, { logits }) {
        const values = Array.from(rowsOf(logits, call), (row) => {
          const logs = parts.logSample(parts.perturb(row.logits, row.noise, 1), call.temperature);
          return row.isDegenerate ? Number.NaN : parts.entropy(logs);
        });
        return { entropies: make(values, call.outputShape) };
      },
      klDivergence(call, { logits, otherLogits }) {
        const others = rowsOf(otherLogits, call);
        const logsOf = (row: Row) => parts.logSample(parts.perturb(row.logits, row.noise, 1), 1);
        const values = Array.from(rowsOf(logits, call), (row) => {
          const other: Row = others.next().value!;
          if (row.isDegenerate || other.isDegenerate) return Number.NaN;
          return parts.divergence(logsOf(row), logsOf(other));
        });
        return { divergences: make(values, call.outputShape) };
      },
      relaxedLogProb(call, { logits, logSample }) {
        const values = Array.from(rowsOf(logits, call), ({ start, ...row }) => {
          if (row.isDegenerate) return Number.NaN;
          const x = row.logits.map((_, j) => logSample.data[parts.at(start, j, call.layout.inner)]);
          if (x.some((value, j) => parts.isOutside(row.logits[j], value))) return Number.NEGATIVE_INFINITY;
          const kept = [...row.logits.keys()].filter((j) => !isMasked(row.logits[j]));
          const [l, s] = [row.logits, x].map((values) => Float64Array.from(kept, (j) => values[j]));
          return parts.density(l, s, call.temperature);
        });
        return { logProbs: make(values, call.outputShape) };
      },
      relaxedBernoulli(call, { logits }) {
        const values = Float32Array.from({ length: sizeOf(call.outputShape) }, (_, i) => {
          const [x0, x1] = parts.block(call.noise, i);
          const noise = Math.fround(parts.logistic(x0, x1, call.noise.precision));
          return parts.toss(logits.data[i % logits.data.length], noise, call);
        });
        return { y: make(values, call.outputShape) };
      },
      relaxedBernoulliLogProb({ temperature, outputShape }, { logits, sampleLogits }) {
        const values = Array.from(sampleLogits.data as ArrayLike<number>, (sample, i) =>
          parts.tossDensity(logits.data[i % logits.data.length], sample, temperature),
        );
        return { logProbs: make(values, outputShape) };
      },
      gumbelTopK(call, { logits }) {
        const { k, layout, temperature } = call;
        const values = new Float32Array(sizeOf(call.outputShape));
        const indices = new Int32Array(values.length);
        for (const row of rowsOf(logits, call, call.noise)) {
          const maximum = row.logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
          const z = Float64Array.from(row.logits, (x, j) => (x - maximum) / temperature + row.noise[j]);
          const order = parts.order(z);
          const start = rowStartOf(layout, row.index, k);
          for (let place = 0; place < k; place++) {
            const at = start + place * layout.inner;
            const j = order[place];
            const isLeft = !row.isDegenerate && row.logits[j] !== Number.NEGATIVE_INFINITY;
            const value = parts.value(row.logits[j], row.noise[j], temperature);
            values[at] = isLeft ? value : row.isDegenerate ? Number.NaN : Number.NEGATIVE_INFINITY;
            indices[at] = isLeft ? j : -1;
          }
        }
        return { values: make(values, call.outputShape), indices: make(indices, call.outputShape, true) };
      },
    },
  };
}

/** A key with its low word changed, for faults that take another key. */
export function otherKey([hi, lo]: Key): Key {
  return [hi, (lo ^ 1) >>> 0];
}
