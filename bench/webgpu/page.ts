// The page: one device for ours and the floors, the peers' own devices beside it. Started by run.mjs.

import type { Ready } from "./contestant.ts";
import { floors } from "./floors.ts";
import { type Figure, logitsOf, type MeasureOptions, measure } from "./measure.ts";
import { ours } from "./ours.ts";
import { peers } from "./peers.ts";

declare global {
  interface Window {
    bench(
      shape: [number, number],
      options: MeasureOptions & { peers: boolean; only?: string },
    ): Promise<Figure[]>;
    adapter(): Promise<string>;
    /** Names of our contestants and the floors. */
    names(): Promise<string[]>;
    /** Runs one of them so many times and waits. */
    repeat(name: string, shape: [number, number], times: number): Promise<void>;
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
let started: ReturnType<typeof peers> | undefined;
function others(): ReturnType<typeof peers> {
  started ??= peers();
  return started;
}

window.bench = async (shape, { peers: withPeers, only, ...options }) => {
  const all = [...(await own), ...(withPeers ? await others() : [])];
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

const ready = new Map<string, Promise<Ready | undefined>>();
window.names = async () => (await own).map(({ name }) => name);
window.repeat = async (name, shape, times) => {
  const id = `${name} ${shape}`;
  const contestant = (await own).find((each) => each.name === name)!;
  if (!ready.has(id)) ready.set(id, contestant.prepare(shape, logitsOf(shape[0] * shape[1])));
  const prepared = await ready.get(id);
  for (let i = 0; i < times; i++) await prepared?.queue(1);
  await prepared?.done();
};
