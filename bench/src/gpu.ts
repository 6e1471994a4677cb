// WebGPU in Chromium and on Dawn for Node alike: who takes part, and the device that ours and the floors share.
import { type Start, startOf } from "./contestant.ts";

/** The adapter's description of itself, as results have it; empty where there is none. */
export async function describeGpu(gpu: GPU | undefined): Promise<{ gpu?: string; softwareGpu?: boolean }> {
  const info = (await gpu?.requestAdapter({ powerPreference: "high-performance" }))?.info;
  if (info === undefined) return {};
  const words = [info.vendor, info.architecture, info.description].filter((part) => part !== "").join(" ");
  const softwareGpu = /swiftshader|llvmpipe|software/i.test(words);
  const threads = softwareGpu ? `, on ${navigator.hardwareConcurrency} processors` : "";
  return { gpu: (words || "unnamed") + threads, softwareGpu };
}

/** The device with all that the packages can use, at the adapter's limits. */
export async function gpuDevice(gpu: GPU = navigator.gpu): Promise<GPUDevice> {
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("WebGPU finds no adapter");
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const wanted: GPUFeatureName[] = ["subgroups"];
  return adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
}

/** Starters in the order of tables. Each imports its library when it starts. */
export function gpuStarts(): Start[] {
  let opened: Promise<GPUDevice> | undefined;
  const device = () => {
    opened ??= gpuDevice();
    return opened;
  };
  const ours = async () => (await import("./contestants/gumbel-webgpu.ts")).gumbelWebgpu(await device());
  const floors = async () => (await import("./contestants/webgpu-floors.ts")).webgpuFloors(await device());
  return [
    startOf("gumbel-webgpu", "webgpu", "@gumbel/webgpu", ours),
    startOf("webgpu-floor", "webgpu", "none", floors),
    startOf("jax-js-webgpu", "webgpu", "@jax-js/jax", async () =>
      (await import("./contestants/jax-js.ts")).jaxJs("webgpu"),
    ),
    startOf("tfjs-webgpu", "tfjs", "@tensorflow/tfjs-backend-webgpu", async () => {
      await import("@tensorflow/tfjs-backend-webgpu");
      return (await import("./contestants/tfjs.ts")).tfjs("webgpu");
    }),
  ];
}
