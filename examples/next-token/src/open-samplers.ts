// A sampler on every backend, over one row of logits.
import {
  type Capabilities,
  type CategoricalOptions,
  createSampler as createReference,
  type Key,
} from "@gumbel/core";
import { createSampler as createOnnx } from "@gumbel/onnx";
import { createSampler as createWasm } from "@gumbel/wasm";
import { createSampler as createWebgpu } from "@gumbel/webgpu";
import * as ort from "onnxruntime-node";
import { openGpu } from "./open-gpu.ts";

/** How a row is drawn. */
export type RowOptions = Omit<CategoricalOptions, "key" | "axis" | "sampleShape"> & { readonly key: Key };

/** A backend's sampler. */
export interface RowSampler {
  /** Name in the report. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Draws a category of logits [n]. */
  draw(logits: Float32Array, options: RowOptions): Promise<number>;
  dispose(): void;
}

/** The backends that are here, the reference first, and why others are not. */
export interface Samplers {
  readonly samplers: readonly RowSampler[];
  readonly lacks: readonly { readonly name: string; readonly reason: string }[];
}

/** Opens all of them. */
export async function openSamplers(): Promise<Samplers> {
  const samplers: RowSampler[] = [];
  const lacks: { name: string; reason: string }[] = [];
  for (const [name, open] of Object.entries(BACKENDS)) {
    try {
      samplers.push({ name, ...(await open()) });
    } catch (error) {
      // A backend that does not start must not lose the report of the others.
      lacks.push({ name, reason: (error as Error).message });
    }
  }
  return { samplers, lacks };
}

const BACKENDS: Record<string, () => Promise<Omit<RowSampler, "name">>> = {
  async "float64 reference"() {
    const sampler = createReference();
    return {
      ...from(sampler),
      draw: async (data, options) => sampler.categorical({ data, shape: [data.length] }, options).data[0],
    };
  },
  async "@gumbel/wasm"() {
    const sampler = await createWasm();
    return {
      ...from(sampler),
      draw: async (data, options) => sampler.categorical({ data, shape: [data.length] }, options).data[0],
    };
  },
  async "@gumbel/onnx, over sessions"() {
    const sampler = createOnnx(ort, { executionProviders: ["cpu"] });
    return {
      ...from(sampler),
      async draw(data, options) {
        const logits = new ort.Tensor("float32", data, [data.length]);
        return Number((await sampler.categorical(logits, options)).data[0]);
      },
    };
  },
  async "@gumbel/webgpu"() {
    const device = await openGpu();
    const sampler = await createWebgpu(device);
    return {
      capabilities: sampler.capabilities,
      async draw(data, options) {
        return (await sampler.categorical({ data, shape: [data.length] }, options)).data[0];
      },
      dispose() {
        sampler.dispose();
        device.destroy();
      },
    };
  },
};

function from(sampler: { readonly capabilities: Capabilities; dispose(): void }) {
  return { capabilities: sampler.capabilities, dispose: () => sampler.dispose() };
}
