// The kernels: the graph that computes a checked call, and what it is fed. They run nothing; the backend adds the noise.
import type { Key } from "@gumbel/core";
import type {
  ResolvedLogits,
  ResolvedNoise,
  ResolvedSoftmax,
  Shape,
  StagedBackend,
} from "@gumbel/core/adapter";
import type { Graph } from "../models/graph.ts";
import type { Kernels } from "../nodes/kernels.ts";
import type { GraphTemperature } from "../nodes/temperature.ts";
import { decodingRun } from "./decoding-run.ts";
import type { Feed } from "./noise-source.ts";

/** A graph before the backend fills in its noise and the types of its inputs. */
export type Sketch<G> = G extends unknown ? Omit<G, "noise" | "float16"> : never;

/** Inputs of a graph that the options of a call make. */
export interface GraphValues {
  readonly shape?: Shape | undefined;
  readonly sample_shape?: Shape | undefined;
  readonly k?: number | undefined;
  readonly temperature?: number | undefined;
  /** Inputs that the call's rows have of their own. */
  readonly rows?: Readonly<Record<string, Feed>> | undefined;
}

/** One run of a session, which is fed the tensors of the call too. */
export interface SessionRun {
  readonly graph: Sketch<Graph>;
  readonly values: GraphValues;
  /** The noise of the call; undefined where it draws none. */
  readonly draws: ResolvedNoise | undefined;
  /** A key for each row, in place of the noise's. */
  readonly keys?: readonly Key[] | undefined;
}

/** Sessions run graphs of one opset; the face answers empty calls, so that they get no empty tensor. */
const [opset, isGuarded] = [18, false];

/** The axis from the end: one session serves logits of every rank. */
const axisOf = ({ axis, shape }: ResolvedLogits): number => axis - shape.length;

/** The sample shape is an input, but for [], which spares nodes. */
function samplesOf({ sampleShape }: ResolvedLogits): readonly [readonly [] | "input", Shape | undefined] {
  return sampleShape.length === 0 ? [[], undefined] : ["input", sampleShape];
}

/** The temperature is an input, but for 1, which spares nodes, and 0. */
function temperatureOf(temperature: number): readonly [GraphTemperature, number | undefined] {
  return temperature === 1 || temperature === 0 ? [temperature, undefined] : ["input", temperature];
}

type SoftCall = ResolvedSoftmax & { readonly noise?: ResolvedNoise };

/** The kernels of every operation that sessions compute. */
export function createKernels<T>(kernels: Kernels): StagedBackend<T, "async", T, SessionRun>["kernels"] {
  const soft = (operation: "gumbelSoftmax" | "softmax", call: SoftCall): SessionRun => {
    const { hard } = call;
    const axis = axisOf(call);
    const [sampleShape, sample_shape] = samplesOf(call);
    // A one-hot does not depend on the temperature.
    const [temperature, scalar] = temperatureOf(hard ? 1 : call.temperature);
    return {
      graph: { operation, hard, axis, sampleShape, temperature, kernels, opset, isGuarded },
      values: { sample_shape, temperature: scalar },
      draws: call.noise,
    };
  };
  const softVjp = (operation: "gumbelSoftmaxVjp" | "softmaxVjp", call: SoftCall): SessionRun => {
    const axis = axisOf(call);
    const [sampleShape, sample_shape] = samplesOf(call);
    const [temperature, scalar] = temperatureOf(call.temperature);
    return {
      graph: { operation, axis, sampleShape, temperature, kernels, opset, isGuarded },
      values: { sample_shape, temperature: scalar },
      draws: call.noise,
    };
  };
  const noise = (operation: "bits" | "gumbel", call: ResolvedNoise): SessionRun => ({
    graph: { operation },
    values: { shape: call.shape },
    draws: call,
  });
  return {
    bits: (call) => noise("bits", call),
    gumbel: (call) => noise("gumbel", call),
    gumbelSoftmax: (call) => soft("gumbelSoftmax", call),
    gumbelSoftmaxVjp: (call) => softVjp("gumbelSoftmaxVjp", call),
    softmax: (call) => soft("softmax", call),
    softmaxVjp: (call) => softVjp("softmaxVjp", call),
    categorical(call) {
      if (call.decoding !== undefined) return decodingRun(call, call.decoding, kernels);
      const operation = "categorical";
      const [axis, indexType] = [axisOf(call), "int32" as const];
      const [sampleShape, sample_shape] = samplesOf(call);
      const [temperature, scalar] = temperatureOf(call.temperature);
      return {
        graph: { operation, axis, sampleShape, temperature, kernels, indexType, opset, isGuarded },
        values: { sample_shape, temperature: scalar },
        draws: temperature === 0 ? undefined : call.noise,
      };
    },
    gumbelTopK(call) {
      const operation = "gumbelTopK";
      const [axis, indexType] = [axisOf(call), "int32" as const];
      const [temperature, scalar] = temperatureOf(call.temperature);
      return {
        graph: { operation, axis, k: "input", temperature, kernels, indexType, opset, isGuarded },
        values: { k: call.k, temperature: scalar },
        draws: call.noise,
      };
    },
  };
}
