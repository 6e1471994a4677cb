// Compiled kernels of one device, by name. Compiling ahead does not stall; a kernel that is needed at once is compiled
// at once.
import type { Kernel } from "../shader/kernel.ts";
import { SHADER_STAGE_COMPUTE } from "./gpu-constants.ts";

/** A kernel that can be dispatched. */
export interface CompiledKernel {
  readonly pipeline: GPUComputePipeline;
  /** What its bind groups are made by. */
  readonly layout: GPUBindGroupLayout;
  readonly label: string;
}

/** The pipelines of a device. */
export interface Pipelines {
  /** The kernel, compiled on the spot unless {@link Pipelines.prepare} has resolved. */
  get(kernel: Kernel): CompiledKernel;
  /** Compiles in the background. Rejects with the compiler's message. */
  prepare(kernel: Kernel): Promise<void>;
  clear(): void;
}

/**
 * Creates an empty cache.
 * @param tune rewrites the text of every kernel
 */
export function createPipelines(device: GPUDevice, tune: (code: string) => string): Pipelines {
  const ready = new Map<string, CompiledKernel>();
  const keep = (kernel: Kernel, pipeline: GPUComputePipeline): CompiledKernel => {
    const compiled = { pipeline, layout: pipeline.getBindGroupLayout(0), label: labelOf(kernel) };
    ready.set(kernel.name, compiled);
    return compiled;
  };
  const pending = new Map<string, Promise<void>>();
  return {
    get(kernel) {
      return (
        ready.get(kernel.name) ?? keep(kernel, device.createComputePipeline(describe(device, kernel, tune)))
      );
    },
    async prepare(kernel) {
      if (ready.has(kernel.name)) return;
      let compiling = pending.get(kernel.name);
      if (compiling === undefined) {
        compiling = compile(device, kernel, tune)
          .then((pipeline) => void keep(kernel, pipeline))
          .finally(() => pending.delete(kernel.name));
        pending.set(kernel.name, compiling);
      }
      await compiling;
    },
    clear() {
      ready.clear();
    },
  };
}

type Tune = (code: string) => string;

/** Compiles in the background; the shader compiler's messages are in the error. */
async function compile(device: GPUDevice, kernel: Kernel, tune: Tune): Promise<GPUComputePipeline> {
  const descriptor = describe(device, kernel, tune);
  try {
    return await device.createComputePipelineAsync(descriptor);
  } catch (cause) {
    const { messages } = await descriptor.compute.module.getCompilationInfo();
    const lines = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`);
    throw new Error(`the kernel ${kernel.name} did not compile: ${lines.join("; ") || cause}`, { cause });
  }
}

function describe(device: GPUDevice, kernel: Kernel, tune: Tune): GPUComputePipelineDescriptor {
  const label = labelOf(kernel);
  const buffers: GPUBufferBindingLayout[] = [
    { type: "uniform" },
    ...kernel.tensors.flatMap(({ access, pieces }) =>
      Array<GPUBufferBindingLayout>(pieces).fill({
        type: access === "read" ? "read-only-storage" : "storage",
      }),
    ),
  ];
  const group = device.createBindGroupLayout({
    label,
    entries: buffers.map((buffer, binding) => ({ binding, visibility: SHADER_STAGE_COMPUTE, buffer })),
  });
  return {
    label,
    layout: device.createPipelineLayout({ label, bindGroupLayouts: [group] }),
    compute: { module: device.createShaderModule({ label, code: tune(kernel.code()) }) },
  };
}

function labelOf({ name }: Kernel): string {
  return `gumbel ${name}`;
}
