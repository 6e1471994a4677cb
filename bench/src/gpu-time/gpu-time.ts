// Time on a GPU of plain and filtered draws of @gumbel/webgpu, beside the time that reading the logits must take. Needs no browser and
// no peer: a machine with a GPU is given bench/dist and the npm package `webgpu`.
import { writeFileSync } from "node:fs";
import { categorical, foldIn, gumbelTopK, key } from "@gumbel/core";
import { createSampler, type WebGpuSampler } from "@gumbel/webgpu";
import { useDawn } from "../node/use-dawn.ts";
import { copyBandwidth } from "./copy-bandwidth.ts";
import { createPassTimer, type PassTimer } from "./pass-timer.ts";

/** What is measured. */
export interface GpuTimeParameters {
  /** Whether on the machine's GPU, and not on the software GPU of the tests. */
  readonly hardware: boolean;
  readonly shapes: readonly (readonly [rows: number, categories: number])[];
  /** Timed rounds, of which the median counts. */
  readonly rounds: number;
  /** A file for the figures, as JSON. */
  readonly out: string | undefined;
}

/** Milliseconds of each call in a round, about. */
const TURN = 20;
const WARM_ROUNDS = 2;
const MOST_COPIES = 512;
const PLACES = 50;

const ROWS: Readonly<Record<string, (i: number, n: number, normal: number) => number>> = {
  // Zipf's law with exponents 2 and 1, in a scrambled order.
  peaked: (i, n, normal) => -2 * Math.log1p((i * 7919) % n) + 0.3 * normal,
  Zipf: (i, n) => -Math.log1p((i * 7919) % n),
  flat: (_, __, normal) => normal,
  equal: () => 1.5,
};

function logitsOf(name: string, [rows, categories]: readonly [number, number]): Float32Array<ArrayBuffer> {
  // A linear congruential generator (Numerical Recipes' constants).
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from({ length: rows * categories }, (_, i) => {
    const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
    return ROWS[name](i % categories, categories, normal);
  });
}

/** Filters of `categorical`; places of `gumbelTopK`. */
const CALLS: readonly ({ readonly k: number } | { topK?: number; topP?: number; minP?: number })[] = [
  {},
  { topK: 50 },
  { topK: 50, topP: 0.9, minP: 0.05 },
  { minP: 0.05 },
  { topP: 0.9 },
  { topK: 2000 },
  { k: PLACES },
];
type Call = (typeof CALLS)[number];
const nameOf = (call: Call) => `${"k" in call ? "gumbelTopK" : "categorical"} ${JSON.stringify(call)}`;

/** Calls whose draws are not those of the float64 reference. */
async function wrongCalls(sampler: WebGpuSampler): Promise<string[]> {
  const wrong: string[] = [];
  for (const name of Object.keys(ROWS)) {
    const logits = { data: logitsOf(name, [4, 20_000]), shape: [4, 20_000] };
    for (const call of CALLS) {
      const options = { key: key(11) };
      const [got, expected] =
        "k" in call
          ? [
              (await sampler.gumbelTopK(logits, call.k, options)).indices,
              gumbelTopK(logits, call.k, options).indices,
            ]
          : [
              await sampler.categorical(logits, { ...options, ...call }),
              categorical(logits, { ...options, ...call }),
            ];
      if (Array.from(got.data).some((index, i) => index !== expected.data[i]))
        wrong.push(`${nameOf(call)} of ${name} rows`);
    }
  }
  return wrong;
}

interface Figure {
  readonly call: string;
  readonly shape: readonly number[];
  readonly logits: string;
  readonly times: number;
  readonly microseconds: number;
  readonly quartiles: readonly number[];
}

const sorted = (times: readonly number[]) => [...times].sort((a, b) => a - b);
const quantile = (times: readonly number[], part: number) =>
  sorted(times)[Math.floor(part * (times.length - 1))];

/** Measures all calls of a shape, interleaved. Each reads logits that no call has read for as long as a cache could keep them. */
async function measure(
  device: GPUDevice,
  sampler: WebGpuSampler,
  timer: PassTimer,
  [shape, name]: readonly [shape: readonly [number, number], name: string],
  { rounds, coldBytes }: { readonly rounds: number; readonly coldBytes: number },
): Promise<Figure[]> {
  const [rows] = shape;
  const data = logitsOf(name, shape);
  const copies = Math.min(MOST_COPIES, Math.ceil(coldBytes / data.byteLength));
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffers = Array.from({ length: copies }, () => device.createBuffer({ size: data.byteLength, usage }));
  device.queue.writeBuffer(buffers[0], 0, data);
  const encoder = device.createCommandEncoder();
  for (const copy of buffers.slice(1)) encoder.copyBufferToBuffer(buffers[0], 0, copy, 0, data.byteLength);
  device.queue.submit([encoder.finish()]);
  const outputs = [0, 1].map(() => device.createBuffer({ size: 4 * PLACES * rows, usage }));
  const [indices, values] = outputs;
  let step = 0;
  const callsOf = (call: Call, times: number) => (pass: GPUComputePassEncoder) =>
    Array.from({ length: times }, () => {
      const given = { logits: buffers[step % copies], shape, key: foldIn(key(12), step++), indices };
      const encoded =
        "k" in call
          ? sampler.encode("gumbelTopK", pass, { ...given, k: Math.min(call.k, shape[1]), values })
          : sampler.encode("categorical", pass, { ...given, ...call });
      return () => encoded.release();
    });
  const plans: { readonly call: Call; readonly times: number; readonly found: number[] }[] = [];
  for (const call of CALLS) {
    // Warm: compiled, and the clocks up.
    await timer.time(callsOf(call, 1));
    const one = (await timer.time(callsOf(call, 3))) / 3;
    const times = Math.max(1, Math.min(400, Math.round(TURN / Math.max(one, 1e-3))));
    plans.push({ call, times, found: [] });
  }
  for (let round = 0; round < rounds + WARM_ROUNDS; round++) {
    for (const { call, times, found } of plans) {
      const time = (await timer.time(callsOf(call, times))) / times;
      if (round >= WARM_ROUNDS) found.push(1000 * time);
    }
  }
  for (const buffer of [...buffers, ...outputs]) buffer.destroy();
  return plans.map(({ call, times, found }) => ({
    call: nameOf(call),
    shape,
    logits: name,
    times,
    microseconds: quantile(found, 0.5),
    quartiles: [quantile(found, 0.25), quantile(found, 0.75)],
  }));
}

/** Measures, and prints a table for each shape. @returns whether all draws are the reference's */
export async function gpuTime({ hardware, shapes, rounds, out }: GpuTimeParameters): Promise<boolean> {
  // Coarse clocks would hide short calls.
  await useDawn(hardware, ["disable-dawn-features=timestamp_quantization"]);
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw new Error("WebGPU finds no adapter");
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const wanted: GPUFeatureName[] = ["subgroups", "timestamp-query"];
  const device = await adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  const timer = createPassTimer(device, hardware);
  const sampler = await createSampler(device);
  const wrong = await wrongCalls(sampler);
  const bandwidth = await copyBandwidth(device, timer, 2 ** (hardware ? 29 : 26));
  const { vendor, architecture, description } = adapter.info;
  const gpu = [vendor, architecture, description].filter((word) => word !== "").join(" ");
  console.log(`${gpu}: a copy moves ${(bandwidth / 1e9).toFixed(0)} GB/s; time by ${timer.clock}`);
  console.log(wrong.length === 0 ? "draws are the reference's" : `not the reference's: ${wrong.join("; ")}`);
  const figures: object[] = [];
  for (const shape of shapes) {
    for (const name of Object.keys(ROWS)) {
      const floor = (4e6 * shape[0] * shape[1]) / bandwidth;
      console.log(`\n[${shape.join(", ")}] ${name}; reading the logits: ${floor.toFixed(2)} µs`);
      const coldBytes = 2 ** (hardware ? 28 : 24);
      const measured = await measure(device, sampler, timer, [shape, name], { rounds, coldBytes });
      for (const each of measured) {
        const ofFloor = floor / each.microseconds;
        const ofPlain = each.microseconds / measured[0].microseconds;
        figures.push({ ...each, floor, ofFloor, ofPlain });
        const cells = [
          each.microseconds.toFixed(1),
          `${(100 * ofFloor).toFixed(0)} %`,
          `${ofPlain.toFixed(2)}×`,
        ];
        console.log(`${each.call.padEnd(58)}${cells.map((cell) => cell.padStart(12)).join("")}`);
      }
    }
  }
  const about = { gpu, clock: timer.clock, subgroups: device.features.has("subgroups"), bandwidth, wrong };
  if (out !== undefined) writeFileSync(out, `${JSON.stringify({ ...about, figures }, undefined, 1)}\n`);
  return wrong.length === 0;
}
