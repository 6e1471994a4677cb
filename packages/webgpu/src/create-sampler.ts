// Makes the sampler: brings what callers hand in to checked calls, and results to the form that they expect.
import type { TopKOptions } from "@gumbel/core";
import { ALL_CAPABILITIES, assertShape, describe } from "@gumbel/core/adapter";
import { requestDevice } from "./device/request-device.ts";
import { createEngine, type Encoded, type Engine, type Slices } from "./engine.ts";
import { assertGiven, assertLength, type Given, hostTypeOf, shapeOf, shapeOfLogits } from "./given.ts";
import {
  type Call,
  callBits,
  callCategorical,
  callGumbel,
  callGumbelSoftmax,
  callGumbelSoftmaxVjp,
  callSoftmax,
  callSoftmaxVjp,
  callTopK,
} from "./operations/call.ts";
import type { EncodeArguments, EncodeTarget, LogitsSource, WebGpuSampler } from "./sampler.ts";
import { type BufferSlice, type GpuTensor, type HostResult, isGpuBuffer } from "./tensor.ts";

/** Options of {@link createSampler}. */
export interface SamplerOptions {
  /** Whether to use the device's `subgroups` feature where it has it. Default true. */
  readonly subgroups?: boolean | undefined;
}

/**
 * Creates a sampler on a device.
 *
 * @param device the caller's device, which is never destroyed here; when left out, one is requested from `navigator.gpu`
 * @throws NoDeviceError when a device is asked for and there is none, saying why; TypeError for what is no device
 */
export async function createSampler(
  device?: GPUDevice,
  options: SamplerOptions = {},
): Promise<WebGpuSampler> {
  if (device !== undefined) assertDevice(device);
  const { subgroups = true } = options;
  const used = device ?? (await requestDevice());
  const engine = createEngine(used, subgroups);
  const unary =
    (call: (shape: readonly number[], options: never) => Call) =>
    (logits: Given, options: { shape?: readonly number[] } = {}) =>
      single(engine, { logits }, (shape) => call(shape, options as never), options.shape);
  const gradient =
    (call: (shape: readonly number[], cotangent: Shape, options: never, isSaved: boolean) => Call) =>
    (logits: Given, cotangent: Given, options: { shape?: readonly number[]; sample?: Given } = {}) => {
      const { sample } = options;
      const given = { logits, cotangent, ...(sample === undefined ? {} : { sample }) };
      const make = (shape: readonly number[]) =>
        call(shape, shapeOf(cotangent), options as never, sample !== undefined);
      return single(engine, given, make, options.shape);
    };
  const sampler = {
    backend: "webgpu",
    capabilities: ALL_CAPABILITIES,
    device: used,
    bits: async (shape, options) => (await engine.run(callBits(shape, options), {})).output,
    gumbel: async (shape, options) => (await engine.run(callGumbel(shape, options), {})).output,
    gumbelSoftmax: unary(callGumbelSoftmax),
    gumbelSoftmaxVjp: gradient(callGumbelSoftmaxVjp),
    softmax: unary(callSoftmax),
    softmaxVjp: gradient(callSoftmaxVjp),
    categorical: unary(callCategorical),
    topK: async (logits: Given, k: number, options: TopKOptions & { shape?: readonly number[] } = {}) => {
      const make = (shape: readonly number[]) => callTopK(shape, k, options);
      const { output: values, indices } = await results(engine, { logits }, make, options.shape);
      return { values, indices };
    },
    ...encoders(engine),
    upload: (values, shape) => {
      const type = hostTypeOf("values", values);
      assertShape(shape, "shape");
      assertLength("values", values, shape);
      return { buffer: engine.upload("values", values), shape: [...shape], type };
    },
    read: engine.read,
    dispose() {
      engine.dispose();
      if (device === undefined) used.destroy();
    },
  } as WebGpuSampler;
  return sampler;
}

function assertDevice(device: unknown): void {
  const { createComputePipelineAsync, requestDevice } = (device ?? {}) as Partial<GPUDevice & GPUAdapter>;
  if (typeof createComputePipelineAsync === "function") return;
  const hint = typeof requestDevice === "function" ? ", an adapter: call its requestDevice() first" : "";
  throw new TypeError(`device must be a GPUDevice, got ${describe(device)}${hint}`);
}

type Shape = readonly number[] | undefined;

type EncoderName = Extract<keyof WebGpuSampler, `encode${string}`>;

async function single(
  engine: Engine,
  given: Readonly<Record<string, Given>>,
  make: (shape: readonly number[]) => Call,
  shape: Shape,
): Promise<GpuTensor | GPUBuffer | HostResult> {
  return (await results(engine, given, make, shape)).output;
}

/** Runs a call on what was given; results are of the kind of the logits. */
async function results(
  engine: Engine,
  given: Readonly<Record<string, Given>>,
  make: (shape: readonly number[]) => Call,
  shape: Shape,
): Promise<Record<string, GpuTensor | GPUBuffer | HostResult>> {
  engine.assertUsable();
  for (const [name, value] of Object.entries(given)) assertGiven(name, value);
  const call = make(shapeOfLogits(given.logits, shape));
  const uploaded: GPUBuffer[] = [];
  const slices: Record<string, GPUBuffer | BufferSlice> = {};
  try {
    for (const [name, value] of Object.entries(given)) {
      if (!ArrayBuffer.isView(value)) {
        slices[name] = value;
        continue;
      }
      assertLength(name, value, call.inputs[name]);
      const buffer = engine.upload(name, value);
      uploaded.push(buffer);
      slices[name] = { buffer, type: hostTypeOf(name, value) };
    }
    const made = await engine.run(call, slices);
    if (isGpuBuffer(given.logits)) return mapValues(made, ({ buffer }) => buffer);
    if (!ArrayBuffer.isView(given.logits)) return made;
    uploaded.push(...Object.values(made).map(({ buffer }) => buffer));
    const read = Object.entries(made).map(
      async ([name, tensor]) => [name, await engine.read(tensor)] as const,
    );
    return Object.fromEntries(await Promise.all(read));
  } finally {
    for (const buffer of uploaded) buffer.destroy();
  }
}

/** The encoded forms. */
function encoders(engine: Engine): Pick<WebGpuSampler, "prepare" | EncoderName> {
  const calls: {
    [O in keyof EncodeArguments]: (call: EncodeArguments[O]) => readonly [Call, Slices];
  } = {
    bits: (call) => [callBits(call.shape, call), { output: call.output }],
    gumbel: (call) => [callGumbel(call.shape, call), { output: call.output }],
    softmax: (call) => [callSoftmax(shapeIn(call), call), pick(call, ["logits", "output"])],
    gumbelSoftmax: (call) => [callGumbelSoftmax(shapeIn(call), call), pick(call, ["logits", "output"])],
    softmaxVjp: (call) => [
      callSoftmaxVjp(shapeIn(call), shapeOf(call.cotangent), call, call.sample !== undefined),
      pick(call, ["logits", "cotangent", "sample", "output"]),
    ],
    gumbelSoftmaxVjp: (call) => [
      callGumbelSoftmaxVjp(shapeIn(call), shapeOf(call.cotangent), call, call.sample !== undefined),
      pick(call, ["logits", "cotangent", "sample", "output"]),
    ],
    categorical: (call) => [callCategorical(shapeIn(call), call), pick(call, ["logits", "output"])],
    topK: (call) => [
      callTopK(shapeIn(call), call.k, call),
      { logits: call.logits, output: call.values, indices: call.indices },
    ],
  };
  const checked = <O extends keyof EncodeArguments>(operation: O, call: EncodeArguments[O]) => {
    if (!Object.hasOwn(calls, operation)) {
      const names = Object.keys(calls).join(", ");
      throw new TypeError(`operation must be one of ${names}, got ${describe(operation)}`);
    }
    if (typeof call !== "object" || call === null) {
      throw new TypeError(`call must be an object of the operation's arguments, got ${describe(call)}`);
    }
    return calls[operation](call);
  };
  const encode =
    <O extends keyof EncodeArguments>(operation: O) =>
    (target: EncodeTarget, call: EncodeArguments[O]): Encoded =>
      engine.encode(target, ...checked(operation, call));
  return {
    encodeBits: encode("bits"),
    encodeGumbel: encode("gumbel"),
    encodeSoftmax: encode("softmax"),
    encodeSoftmaxVjp: encode("softmaxVjp"),
    encodeGumbelSoftmax: encode("gumbelSoftmax"),
    encodeGumbelSoftmaxVjp: encode("gumbelSoftmaxVjp"),
    encodeCategorical: encode("categorical"),
    encodeTopK: encode("topK"),
    prepare: async <O extends keyof EncodeArguments>(operation: O, call: EncodeArguments[O]): Promise<void> =>
      engine.prepare(...checked(operation, call)),
  };
}

function shapeIn({ logits, shape }: LogitsSource): readonly number[] {
  return shapeOfLogits(logits, shape);
}

function pick(call: object, names: readonly string[]): Slices {
  const found = call as Readonly<Record<string, GPUBuffer | BufferSlice | undefined>>;
  return Object.fromEntries(
    names.filter((name) => found[name] !== undefined).map((name) => [name, found[name]!]),
  );
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
