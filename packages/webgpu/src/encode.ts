// Calls over the caller's own buffers: encoded into his commands, or compiled ahead.
import {
  binderOf,
  describe,
  isSameShape,
  type Job,
  type Operation,
  type OperationName,
  operations,
  readOptions,
  sizeOf,
  type TypesOf,
  unknownOption,
} from "@gumbel/core/adapter";
import { UnsupportedError } from "@gumbel/core/shared";
import { encodeProgram } from "./device/encode-program.ts";
import type { GpuSession } from "./device/gpu-session.ts";
import { assertDistinct, assertSource, type Placed, placeBuffer, sliceOf } from "./device/place-buffer.ts";
import { planClear } from "./kernels/clear.ts";
import { FILTERS } from "./kernels/filters/plan-filters.ts";
import { kernels } from "./kernels/index.ts";
import { type Plan, programOf } from "./plan/planner.ts";
import type { Program } from "./plan/program.ts";
import type { BufferSlice, GpuTensor } from "./tensor.ts";
import type { WebGpuBuffer, WebGpuEncoder } from "./webgpu-types.ts";

/** Where commands go: an encoder outside of any pass, or a compute pass. */
export type EncodeTarget = WebGpuEncoder;

/** A tensor that an encoded call reads. A buffer without a shape has the one that the call implies. */
export type EncodedInput = GpuTensor | BufferSlice | WebGpuBuffer;

/** A tensor that an encoded call writes: as many elements as the result has, 4 bytes each. */
export type EncodedOutput = BufferSlice | WebGpuBuffer;

/** Everything of a call in one object: inputs, parameters, options, and where the outputs go. */
export type EncodedCall<O extends OperationName> = TypesOf<O>["options"] &
  TypesOf<O>["parameters"] &
  Readonly<Record<TypesOf<O>["inputs"], EncodedInput>> &
  Readonly<Record<TypesOf<O>["outputs"], EncodedOutput>> & {
    /** Shape of the logits; may be left out where these have one. */
    readonly shape?: readonly number[] | undefined;
  };

/** Commands that were encoded for a caller. */
export interface Encoded {
  /**
   * Gives the temporary buffers back for later calls. To be called after the commands are submitted, not before; without
   * it they are left to the garbage collector.
   */
  release(): void;
}

/** Calls over the caller's own buffers. */
export interface Encoder {
  /**
   * Encodes a call into the caller's commands. Nothing is submitted, awaited or read back.
   *
   * @throws RangeError or TypeError for a bad argument, a buffer that is too small, lacks usage `STORAGE` or is mapped, and
   * one that is input and output
   * @example sampler.encode("categorical", encoder, { logits, shape: [1, 50_000], key: key(7), indices })
   */
  encode<O extends OperationName>(operation: O, target: EncodeTarget, call: EncodedCall<O>): Encoded;
  /**
   * Compiles ahead what an encoded call with these arguments will need. Without it the first call of each sort compiles
   * on the spot, which may take some tens of milliseconds. Rejects, naming the argument, where WebGPU would refuse a buffer.
   *
   * @example await sampler.prepare("categorical", { logits, shape: [1, 50_000], indices })
   */
  prepare<O extends OperationName>(operation: O, call: EncodedCall<O>): Promise<void>;
}

/** An input with the shape that the binder checks. */
interface Shaped {
  readonly source: EncodedInput;
  readonly shape: readonly number[];
}

/** A checked call over buffers. */
interface BoundCall {
  readonly program: Program;
  readonly inputs: Placed;
  readonly outputs: Placed;
}

/** Creates the encoder of a device in use. */
export function createEncoder(session: GpuSession): Encoder {
  const { context } = session;
  const binders = new Map<string, ReturnType<typeof encodedBinderOf>>();

  const bind = (name: OperationName, call: object): BoundCall => {
    if (!Object.hasOwn(operations, name)) {
      const names = Object.keys(operations).join(", ");
      throw new TypeError(`operation must be one of ${names}, got ${describe(name)}`);
    }
    if (typeof call !== "object" || call === null) {
      throw new TypeError(`call must be an object of the operation's arguments, got ${describe(call)}`);
    }
    const binder = binders.get(name) ?? encodedBinderOf(operations[name]);
    binders.set(name, binder);
    const given = binder.read(call);
    const job = binder.bind(given);
    const placed = placeAll(job, given);
    assertDistinct(placed.inputs, placed.outputs);
    const program = programOf(planOf(name, job), context.facts, { ...placed.inputs, ...placed.outputs });
    return { ...placed, program };
  };

  return {
    encode(operation, target, call) {
      session.assertUsable();
      assertTarget(target);
      const { program, inputs, outputs } = bind(operation, call);
      const temporaries = encodeProgram(context, target, program, { ...inputs, ...outputs });
      return {
        release() {
          for (const buffer of temporaries.splice(0)) context.pool.release(buffer);
        },
      };
    },
    async prepare(operation, call) {
      session.assertUsable();
      const { program, inputs, outputs } = bind(operation, call);
      await session.compile(program);
      await session.assertAccepted({ ...inputs, ...outputs });
    },
  };
}

/** Reads encoded calls, and checks them by core's binder. Inputs without a shape are given the one that follows from the call. */
function encodedBinderOf(operation: Operation) {
  const inputNames = Object.keys(operation.inputs);
  const { parameters } = operation;
  const named = new Set([...inputNames, ...parameters, ...Object.keys(operation.outputs), "shape"]);
  const known = [...Object.keys(operation.options), ...named];
  const refuse = (of: string, name: string) => unknownOption(of, name, Object.keys(operation.options));
  let unshaped: Record<string, number[]> = {};
  const bindShaped = binderOf<Shaped>(
    { name: "webgpu", filters: FILTERS, perRow: true, shapeOf: ({ shape }) => shape },
    {
      ...operation,
      resolve(given, options) {
        const call = operation.resolve(given, options);
        for (const name in unshaped) unshaped[name].push(...operation.inputs[name].shape(call));
        return call;
      },
    },
  );
  const read = (call: object) => readOptions(operation.name, call as Record<string, unknown>, known, refuse);
  const bind = (call: Readonly<Record<string, unknown>>): Job<Shaped> => {
    unshaped = {};
    const inputs = inputNames.map((name, i) => {
      const source = call[name];
      assertSource(name, source);
      const own = sliceOf(source).shape;
      if (i === 0) return { source, shape: shapeOfFirst(name, own, call.shape as GpuTensor["shape"]) };
      if (own === undefined) unshaped[name] = [];
      return { source, shape: own ?? unshaped[name] };
    });
    const options = Object.fromEntries(Object.entries(call).filter(([name]) => !named.has(name)));
    return bindShaped([...inputs, ...parameters.map((name) => call[name]), options]);
  };
  return { read, bind };
}

/** The shape of the first input: its own, or the one beside it. */
function shapeOfFirst(
  name: string,
  own: readonly number[] | undefined,
  beside: readonly number[] | undefined,
): readonly number[] {
  if (own === undefined && beside == null) {
    throw new TypeError(`shape must be the shape of ${name} where these are a GPUBuffer, got undefined`);
  }
  if (own !== undefined && beside != null && !isSameShape(own, beside)) {
    throw new RangeError(
      `shape must be that of ${name}, [${own.join(", ")}], or left out, got ${describe(beside)}`,
    );
  }
  return own ?? beside!;
}

function placeAll(
  { operation, inputs, outputs }: Job<Shaped>,
  call: Readonly<Record<string, unknown>>,
): { inputs: Placed; outputs: Placed } {
  const placedInputs = Object.entries(inputs).map(([argument, { source, shape }]) => {
    const { dtype } = operation.inputs[argument];
    return [argument, placeBuffer({ argument, dtype, shape, isOutput: false }, source)];
  });
  const placedOutputs = Object.entries(outputs).map(([argument, { dtype, shape }]) => {
    return [argument, placeBuffer({ argument, dtype, shape, isOutput: true }, call[argument])];
  });
  return { inputs: Object.fromEntries(placedInputs), outputs: Object.fromEntries(placedOutputs) };
}

/** The kernel's plan; of a call that has nothing to compute, zeros. */
function planOf(name: OperationName, job: Job<Shaped>): Plan {
  if (job.isEmpty) {
    return (planner) => {
      for (const [output, { shape }] of Object.entries(job.outputs)) {
        if (sizeOf(shape) > 0) planClear(output, sizeOf(shape))(planner);
      }
    };
  }
  const kernel = kernels[name] as ((call: object) => Plan) | undefined;
  if (kernel === undefined) throw new UnsupportedError(name, "webgpu");
  return kernel(job.call);
}

function assertTarget(target: unknown): void {
  const { beginComputePass, dispatchWorkgroups } = (target ?? {}) as Record<string, unknown>;
  if (typeof (beginComputePass ?? dispatchWorkgroups) === "function") return;
  throw new TypeError(
    `target must be a GPUCommandEncoder or a GPUComputePassEncoder, got ${describe(target)}`,
  );
}
