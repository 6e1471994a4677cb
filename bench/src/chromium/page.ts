// The page: everything on a GPU is measured here. Opened by start-chromium.ts, and by webgpu/cpu-time.mjs.
import type { Contestant, Ready } from "../contestant.ts";
import { inputsOf } from "../inputs.ts";
import type { Operation } from "../results.ts";
import { createService, type Service, type Start } from "../service.ts";
import { gpuDevice } from "./gpu-device.ts";

declare global {
  interface Window {
    /** Processor milliseconds of this page and its GPU process so far; from outside, where there is such a clock. */
    processorMilliseconds?: () => Promise<number>;
    ask(method: keyof Service, parameters: readonly unknown[]): Promise<unknown>;
    adapter(): Promise<{ description: string; isSoftware: boolean }>;
    /** Names of what runs on our device alone: our contestants' operations, and the floors. */
    names(): Promise<string[]>;
    /** Runs one of them so many times and waits. */
    repeat(name: string, shape: [number, number], times: number): Promise<void>;
  }
}

let opened: Promise<GPUDevice> | undefined;
function device(): Promise<GPUDevice> {
  opened ??= gpuDevice();
  return opened;
}

async function own(): Promise<Contestant[]> {
  const { gumbelWebgpu } = await import("../contestants/gumbel-webgpu.ts");
  return gumbelWebgpu(await device());
}

async function floors(): Promise<Contestant[]> {
  const { webgpuFloors } = await import("../contestants/webgpu-floors.ts");
  return webgpuFloors(await device());
}

const starts: Start[] = [
  start("gumbel-webgpu", "webgpu", true, "@gumbel/webgpu", own),
  start("webgpu-floor", "webgpu", false, "none", floors),
  start("jax-js-webgpu", "webgpu", false, "@jax-js/jax", async () =>
    (await import("../contestants/jax-js.ts")).jaxJs("webgpu"),
  ),
  start("tfjs-webgpu", "tfjs", false, "@tensorflow/tfjs-backend-webgpu", async () => {
    await import("@tensorflow/tfjs-backend-webgpu");
    return (await import("../contestants/tfjs.ts")).tfjs("webgpu");
  }),
  start("tfjs-webgl", "tfjs", false, "@tensorflow/tfjs", async () =>
    (await import("../contestants/tfjs.ts")).tfjs("webgl"),
  ),
  start("onnx-webgpu", "onnx", false, "onnxruntime-web", async () => {
    const { loadOnnxWebgpu } = await import("./onnx-webgpu.ts");
    return loadOnnxWebgpu();
  }),
];

function start(
  id: string,
  family: Start["family"],
  ours: boolean,
  library: string,
  starter: Start["start"],
): Start {
  return { id, name: library, family, ours, library, start: starter };
}

const service = createService(starts, window.processorMilliseconds);
window.ask = async (method, parameters) =>
  (service[method] as (...parameters: readonly unknown[]) => unknown)(...parameters);

window.adapter = async () => {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return { description: "none", isSoftware: false };
  const { vendor, architecture, description } = adapter.info;
  const words = [vendor, architecture, description].filter((part) => part !== "").join(" ");
  return { description: words, isSoftware: /swiftshader|llvmpipe|software/i.test(words) };
};

let cast: Promise<Contestant[]> | undefined;
function repeatable(): Promise<Contestant[]> {
  cast ??= Promise.all([floors(), own()]).then((lists) => lists.flat());
  return cast;
}
const ready = new Map<string, Promise<Ready>>();
window.names = async () =>
  (await repeatable()).flatMap(({ id, operations }) =>
    Object.keys(operations).map((operation) => `${id} ${operation}`),
  );
window.repeat = async (name, shape, times) => {
  const [id, operation] = name.split(" ") as [string, Operation];
  const contestant = (await repeatable()).find((each) => each.id === id)!;
  const at = `${name} ${shape}`;
  if (!ready.has(at)) ready.set(at, contestant.operations[operation]!.prepare(inputsOf(shape)));
  const prepared = await ready.get(at)!;
  for (let i = 0; i < times; i++) await prepared.queue(1);
  await prepared.done();
};
