// The page: one device for ours and the floors, the peers' own devices beside it. Started by run.mjs.
import { floors } from "./floors.ts";
import { type Figure, measure, type MeasureOptions } from "./measure.ts";
import { ours } from "./ours.ts";
import { peers } from "./peers.ts";

declare global {
  interface Window {
    bench(shape: [number, number], options: MeasureOptions & { peers: boolean; only?: string }): Promise<Figure[]>;
    adapter(): Promise<string>;
  }
}

const device = (async () => {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error("no WebGPU adapter");
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const wanted: GPUFeatureName[] = ["subgroups"];
  return adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
})();

const own = device.then(async (device) => [...floors(device), ...(await ours(device))]);
let others: ReturnType<typeof peers> | undefined;

window.bench = async (shape, { peers: withPeers, only, ...options }) => {
  const all = [...(await own), ...(withPeers ? await (others ??= peers()) : [])];
  return measure(
    only === undefined ? all : all.filter(({ name, task }) => task === "floor" || name.includes(only)),
    shape,
    options,
  );
};
window.adapter = async () => {
  const { vendor, architecture, description } = (await device).adapterInfo;
  return [vendor, architecture, description].filter((part) => part !== "").join(" ");
};
