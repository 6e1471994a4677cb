// Runs the programs on TensorFlow.js's webgpu backend. Its int32 tensors hold 32 bits.
import { sizeOf } from "@gumbel/core/adapter";
import type { Rotation } from "@gumbel/webgpu/wgsl";
import type { GpuBackend, TensorInfo } from "../gpu/gpu-backend.ts";
import { PROGRAMS } from "../gpu/gpu-backend.ts";
import { UNIFORMS } from "../gpu/uniforms.ts";
import type { TfCore } from "../tensorflow.ts";
import { invocationsOf, webgpuSource } from "./programs.ts";

/** What is used of TensorFlow.js's `WebGPUBackend`. */
interface WebgpuBackend {
  readonly device: { readonly adapterInfo?: { readonly subgroupMaxSize?: number } };
  runWebGPUProgram(
    program: object,
    inputs: readonly TensorInfo[],
    dtype: string,
    uniforms: readonly { type: "int32" | "float32"; data: number[] }[],
  ): TensorInfo;
  disposeData(dataId: object): boolean;
}

/** Threads of a workgroup: WebGPU's common choice, and below every device's limit. */
const WORKGROUP = 64;

/** Fields of the uniform buffer, after those of TensorFlow.js. */
const FIELDS = UNIFORMS.map(([name, type]) => `${name} : ${type === "int" ? "i32" : "f32"}, `).join("");

/** Subgroups up to this size are those of a CPU's SIMD unit. */
const SOFTWARE_SUBGROUP = 8;

/**
 * Creates the runner over the webgpu backend that is current.
 *
 * @param rotation how words are rotated; by default what suits the device
 */
export function createWebgpuBackend(tf: TfCore, rotation?: Rotation): GpuBackend {
  const backend = tf.backend() as unknown as WebgpuBackend;
  const { subgroupMaxSize = Number.POSITIVE_INFINITY } = backend.device.adapterInfo ?? {};
  rotation ??= subgroupMaxSize <= SOFTWARE_SUBGROUP ? "adder" : "shift";
  return {
    run(program, variant, inputs, size, uniforms) {
      const { inputs: variableNames, dtype } = PROGRAMS[program];
      // TensorFlow.js writes into this object, so it is made anew; compiled pipelines are found by shaderKey.
      const description = {
        variableNames: [...variableNames],
        outputShape: [size],
        shaderKey: `gumbel_${program}_${variant}_${rotation}`,
        dispatchLayout: { x: [0] },
        dispatch: [Math.ceil(invocationsOf(program, size, uniforms) / WORKGROUP), 1, 1],
        workgroupSize: [WORKGROUP, 1, 1],
        size: true,
        uniforms: FIELDS,
        getUserCode: () => webgpuSource(program, variant, rotation),
      };
      const values = UNIFORMS.map(([name, type]) =>
        type === "int"
          ? { type: "int32" as const, data: [(uniforms[name] ?? 0) | 0] }
          : { type: "float32" as const, data: [uniforms[name] ?? 0] },
      );
      const flat = inputs.map(({ dataId, shape, dtype }) => ({ dataId, shape: [sizeOf(shape)], dtype }));
      return backend.runWebGPUProgram(description, flat, dtype, values);
    },
    reshape: (info, shape) => ({ ...info, shape: [...shape] }),
    dispose: (info) => void backend.disposeData(info.dataId),
  };
}
