// Runs the programs on TensorFlow.js's webgpu backend. Its int32 tensors hold 32 bits.
import { sizeOf } from "@gumbel/core/adapter";
import type { Gpu, Program, TensorInfo } from "../gpu/gpu.ts";
import { type Tuning, untuned, wgslTuningOf } from "../gpu/swiftshader.ts";
import { UNIFORMS } from "../gpu/uniforms.ts";
import type { TfCore } from "../tensorflow.ts";

/** What is used of TensorFlow.js's `WebGPUBackend`. */
interface WebgpuBackend {
  readonly device: { readonly adapterInfo?: Partial<GPUAdapterInfo> };
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

/**
 * Creates the GPU of the webgpu backend that is current.
 *
 * @param tuning of the shaders; by default what suits the device
 */
export function createWebgpuGpu(tf: TfCore, tuning?: Tuning): Gpu {
  const backend = tf.backend() as unknown as WebgpuBackend;
  const tune = tuning ?? wgslTuningOf(backend.device.adapterInfo ?? {});
  return {
    run(program, noise, inputs, size, uniforms) {
      const invocations = program.invocations?.(size, uniforms.categories ?? 1) ?? size;
      // TensorFlow.js writes into this object, so it is made anew; compiled pipelines are found by shaderKey.
      const description = {
        variableNames: [...program.inputs],
        outputShape: [size],
        shaderKey: `gumbel_${program.name}_${noise}${tune === untuned ? "" : "_tuned"}`,
        dispatchLayout: { x: [0] },
        dispatch: [Math.ceil(invocations / WORKGROUP), 1, 1],
        workgroupSize: [WORKGROUP, 1, 1],
        size: true,
        uniforms: FIELDS,
        getUserCode: () => tune(`${program.wgsl(noise)}${mainOf(program)}`),
      };
      const values = UNIFORMS.map(([name, type]) =>
        type === "int"
          ? { type: "int32" as const, data: [(uniforms[name] ?? 0) | 0] }
          : { type: "float32" as const, data: [uniforms[name] ?? 0] },
      );
      const flat = inputs.map(({ dataId, shape, dtype }) => ({ dataId, shape: [sizeOf(shape)], dtype }));
      return backend.runWebGPUProgram(description, flat, program.dtype, values);
    },
    unpack: (info) => info,
    reshape: (info, shape) => ({ ...info, shape: [...shape] }),
    dispose: (info) => void backend.disposeData(info.dataId),
  };
}

/** The entry of a shader for TensorFlow.js: inputs are arrays under their names, uniforms fields of `uniforms`. */
function mainOf({ invocations, dtype }: Program): string {
  if (invocations !== undefined) return "\nfn main(index: i32) { store(index); }\n";
  const setter = dtype === "int32" ? "setOutputAtIndexI32" : "setOutputAtIndex";
  return `
fn main(index: i32) {
  if (index < uniforms.size) { ${setter}(index, element(index)); }
}
`;
}
