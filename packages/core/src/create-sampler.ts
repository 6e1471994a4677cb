// The face, once for every backend: checks the arguments of a call, answers empty ones, and runs the kernel.
import type { Host, Job, StagedBackend } from "./backend.ts";
import { describe, must } from "./describe.ts";
import { UnsupportedError } from "./errors.ts";
import { isSameShape } from "./layout.ts";
import type { Mode, Named, Operation, Results, Shape, TensorOf, TensorSpec } from "./operation.ts";
import { OPERATION_NAMES, type OperationName, operations } from "./operation-table.ts";
import type { NoiseOptions, SoftOptions } from "./options.ts";
import { plainOptions } from "./plain-options.ts";
import { defaultStream } from "./random/key-stream.ts";
import type { Precision } from "./random/noise.ts";
import type { Sampler } from "./sampler.ts";
import { unknownOption } from "./suggest-option.ts";

const ALL_PRECISIONS: readonly Precision[] = ["full", "jax"];

// Inside, the types of one operation and of one backend are forgotten.
type AnyHost = Host<never, Mode, never, unknown>;
type AnyKernel = (call: object, inputs: Named<unknown>) => unknown;

/**
 * Makes the function that checks the arguments of calls of one operation: tensors first, then option names, options,
 * the shapes of the other tensors and values that are on the CPU. A call that is refused draws no key. Lists are made once:
 * entries and maps would cost 450 ns a call.
 *
 * @returns takes the arguments of the method, gives the checked call
 */
export function binderOf<T>(
  host: Pick<
    Host<T, Mode, never, unknown>,
    | "name"
    | "shapeOf"
    | "valuesOf"
    | "precisions"
    | "sharding"
    | "logarithms"
    | "filters"
    | "perRow"
    | "estimators"
  >,
  operation: Operation,
): (args: readonly unknown[]) => Job<T> {
  const inputNames = Object.keys(operation.inputs);
  const tensors: readonly TensorOf<object>[] = Object.values(operation.inputs);
  const { parameters } = operation;
  const outputs = Object.entries<TensorOf<object>>(operation.outputs);
  const { precisions = ALL_PRECISIONS, sharding = true, logarithms = false } = host;
  const drawsNoise = "precision" in operation.options;
  const count = inputNames.length + parameters.length;
  const signature = () => `${operation.name} takes (${[...inputNames, ...parameters, "options"].join(", ")})`;

  const names = Object.keys(operation.options);
  const refuse = (name: string) => unknownOption(operation.name, name, names);
  const optionsOf = (args: readonly unknown[]): NoiseOptions => {
    const options = args[count] ?? {};
    if (args.length > count + 1) throw new TypeError(`${signature()}, got ${args.length} arguments`);
    if (typeof options !== "object" || Array.isArray(options) || ArrayBuffer.isView(options)) {
      throw new TypeError(`${signature()} such as { key }, got ${describe(options)} as options`);
    }
    return plainOptions(options, names, refuse);
  };

  const resolve = (given: object, options: object, inputs: Named<T>, shapes: readonly Shape[]) => {
    const call = operation.resolve(given as { shape: Shape }, options);
    for (let i = 1; i < tensors.length; i++) {
      const { shape, assertValues } = tensors[i];
      const name = inputNames[i];
      const due = shape(call);
      if (!isSameShape(shapes[i], due)) {
        throw new RangeError(must(name, `have shape ${describe(due)}`, shapes[i]));
      }
      const values = assertValues && host.valuesOf?.(inputs[name]);
      if (values) assertValues(values, call);
    }
    return call;
  };

  return (args) => {
    const inputs: Record<string, T> = {};
    const shapes: Shape[] = [];
    for (let i = 0; i < inputNames.length; i++) {
      const value = args[i] as T;
      inputs[inputNames[i]] = value;
      shapes.push(host.shapeOf(value, inputNames[i]));
    }
    const options = optionsOf(args);
    if (drawsNoise) {
      const precision = options.precision ?? "full";
      if (ALL_PRECISIONS.includes(precision) && !precisions.includes(precision))
        throw new UnsupportedError(`precision ${precision}`, host.name);
    }
    if (!sharding) {
      const shard = (["offset", "rowStride"] as const).find((name) => options[name] != null);
      if (shard !== undefined) throw new UnsupportedError(shard, host.name);
    }
    if (!logarithms && "log" in operation.options && (options as SoftOptions).log === true)
      throw new UnsupportedError("log", host.name);
    const lack = operation.lackOf?.(host, options);
    if (lack !== undefined) throw new UnsupportedError(lack, host.name);
    const given: Record<string, unknown> = { shape: shapes[0] };
    for (let i = 0; i < parameters.length; i++) given[parameters[i]] = args[inputNames.length + i];
    const { drawn } = defaultStream;
    let call: object;
    try {
      call = resolve(given, options, inputs, shapes);
    } catch (error) {
      defaultStream.drawn = drawn;
      throw error;
    }
    const specs: Record<string, TensorSpec> = {};
    let isEmpty = true;
    for (const [name, { dtype, shape }] of outputs) {
      const spec = { dtype, shape: shape(call) };
      specs[name] = spec;
      isEmpty &&= spec.shape.includes(0);
    }
    for (const shape of shapes) isEmpty ||= shape.includes(0);
    return { operation, call, inputs, outputs: specs, isEmpty, drawn };
  };
}

/**
 * Runs the kernel of a checked call.
 * @returns the results by name, or a promise of them; the kernel has its inputs before anything waits
 */
export function perform(host: AnyHost, kernel: AnyKernel, job: Job<unknown>): unknown {
  const { run, zeros } = host as unknown as Host<unknown, Mode, unknown, unknown>;
  if (job.isEmpty) {
    const results: Record<string, unknown> = {};
    for (const name in job.outputs) results[name] = zeros(job.outputs[name], job);
    return results;
  }
  try {
    const made =
      run === undefined ? kernel(job.call, job.inputs) : run((inputs) => kernel(job.call, inputs), job);
    if (host.mode === "sync") return made;
    return (made as Promise<unknown>).catch((error: unknown) => {
      throw explained(error, job);
    });
  } catch (error) {
    // A kernel too may refuse what it is given.
    defaultStream.drawn = job.drawn;
    throw explained(error, job);
  }
}

/** The error of a kernel; what an array that cannot be allocated is thrown as names no argument. */
function explained(error: unknown, { operation, inputs, outputs, call }: Job<unknown>): unknown {
  if (!(error instanceof RangeError) || !/array (buffer )?(length|allocation)/i.test(error.message))
    return error;
  const { noise } = call as { readonly noise?: { readonly shape: Shape } };
  const shape = noise?.shape ?? Object.values(outputs)[0].shape;
  const argument = "sampleShape" in operation.options ? "sampleShape" : (Object.keys(inputs)[0] ?? "shape");
  const message = `${argument} must leave few enough elements to allocate, got ${describe(shape)} in all`;
  return new RangeError(message, { cause: error });
}

/**
 * Creates the sampler of a backend: a method for each operation of the spec. Without a kernel it is refused with
 * `UnsupportedError`.
 *
 * @throws TypeError for a kernel of an operation that the spec does not have
 * @example createSamplerOver({ name: "mine", mode: "sync", shapeOf, zeros, kernels: { categorical } })
 */
export function createSamplerOver<T, M extends Mode, In = T, Work = unknown, R extends Results = Results<T>>(
  backend: StagedBackend<T, M, In, Work>,
): Sampler<T, M, R> {
  let isDisposed = false;
  const host = backend as unknown as AnyHost;
  // Read at each call: a backend may have other kernels when it computes elsewhere.
  const kernelOf = (name: OperationName) => backend.kernels[name] as AnyKernel | undefined;
  for (const name of Object.keys(backend.kernels)) {
    if (!Object.hasOwn(operations, name)) throw new TypeError(`the spec has no operation ${name}`);
  }
  const methodOf = (name: OperationName) => {
    const operation = operations[name];
    const [only, second] = Object.keys(operation.outputs);
    const unwrap = (results: unknown) => (second === undefined ? (results as Named<unknown>)[only] : results);
    const bind = binderOf<unknown>(host as never, operation);
    const answer = (args: readonly unknown[]): unknown => {
      if (isDisposed) throw new Error("the sampler is disposed; create a new one");
      const kernel = kernelOf(name);
      if (kernel === undefined) throw new UnsupportedError(name, host.name);
      return perform(host, kernel, bind(args));
    };
    return host.mode === "async"
      ? async (...args: unknown[]) => unwrap(await answer(args))
      : (...args: unknown[]) => unwrap(answer(args));
  };
  const state = {
    get backend() {
      return host.name;
    },
    get capabilities() {
      const { precisions = ALL_PRECISIONS, sharding = true, logarithms = false } = host;
      const { filters = [], perRow = false, estimators = [] } = host;
      return {
        operations: OPERATION_NAMES.filter((name) => kernelOf(name) !== undefined),
        precisions,
        sharding,
        logarithms,
        filters,
        perRow,
        estimators,
      };
    },
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      host.dispose?.();
    },
  };
  // The one cast of the face: there is a method for every name of the table.
  const methods = Object.fromEntries(OPERATION_NAMES.map((name) => [name, methodOf(name)]));
  return Object.assign(state, methods) as unknown as Sampler<T, M, R>;
}
