// Time on a GPU of plain and filtered draws of @gumbel/webgpu, by the GPU's own clock, beside the time that reading the logits
// must take. Plain JavaScript over built packages: a machine with a GPU needs packages/{core,webgpu}/dist, this file and the
// npm package `webgpu`.
import { existsSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { parseArgs } from "node:util";
import { create, globals } from "webgpu";

const HELP = `node bench/gpu-time.mjs [flags]

  --hardware        the machine's GPU; the software GPU of the tests otherwise, by the processor's time
  --shapes <list>   of ROWSxCATEGORIES; default 1x151936,64x151936,256x32000
  --logits <list>   of peaked, Zipf, flat, equal; default all
  --rounds <n>      timed rounds, of which the median counts; default 15
  --turn <ms>       about so long each round runs each call; default 20
  --out <file>      writes the figures as JSON
  --help
`;

const { values: flags } = parseArgs({
  options: {
    hardware: { type: "boolean", default: false },
    shapes: { type: "string", default: "1x151936,64x151936,256x32000" },
    logits: { type: "string", default: "peaked,Zipf,flat,equal" },
    rounds: { type: "string", default: "15" },
    turn: { type: "string", default: "20" },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(HELP);
  process.exit();
}

// The packages' own builds, whether or not they are installed.
const dist = (name) => new URL(`../packages/${name}/dist/`, import.meta.url);
for (const name of ["core", "webgpu"]) {
  if (!existsSync(dist(name))) throw new Error(`packages/${name}/dist is missing: run its build`);
}
const hooks = `export async function resolve(specifier, context, next) {
  const [, name, entry = "index"] = /^@gumbel\\/(core|webgpu)(?:\\/(\\w+))?$/.exec(specifier) ?? [];
  if (name === undefined) return next(specifier, context);
  return { url: new URL(\`../packages/\${name}/dist/\${entry}.js\`, ${JSON.stringify(import.meta.url)}).href, shortCircuit: true };
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
const core = await import("@gumbel/core");
const { createSampler, foldIn, key } = await import("@gumbel/webgpu");

if (!flags.hardware) (await import("@gumbel-tools/chromium")).useSwiftshader();
Object.assign(globalThis, globals);
// Coarse clocks would hide short calls. Kept for the life of the process: Dawn crashes when it is collected.
const gpu = create(["disable-dawn-features=timestamp_quantization"]);
const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
if (adapter === null) throw new Error("WebGPU finds no adapter");
const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
const device = await adapter.requestDevice({
  requiredFeatures: ["subgroups", "timestamp-query"].filter((feature) => adapter.features.has(feature)),
  requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
});
device.addEventListener("uncapturederror", ({ error }) => {
  throw new Error(error.message);
});
// A software GPU shares its processor with others: there the processor's time is what counts.
const hasClock = flags.hardware && device.features.has("timestamp-query");
const { STORAGE, COPY_SRC, COPY_DST, QUERY_RESOLVE, MAP_READ } = globals.GPUBufferUsage;

/** Milliseconds that this process's threads have worked. */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds that the GPU works on what a pass holds; that the processor does, where the GPU has no clock. */
async function timeOfPass(encode) {
  const encoder = device.createCommandEncoder();
  const queries = hasClock ? device.createQuerySet({ type: "timestamp", count: 2 }) : undefined;
  const timestampWrites = { querySet: queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
  const pass = encoder.beginComputePass(hasClock ? { timestampWrites } : {});
  const releases = encode(pass);
  pass.end();
  const words = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
  const readable = device.createBuffer({ size: 16, usage: MAP_READ | COPY_DST });
  if (hasClock) {
    encoder.resolveQuerySet(queries, 0, 2, words, 0);
    encoder.copyBufferToBuffer(words, 0, readable, 0, 16);
  }
  const commands = encoder.finish();
  const start = processorTime();
  device.queue.submit([commands]);
  await device.queue.onSubmittedWorkDone();
  let time = processorTime() - start;
  if (hasClock) {
    await readable.mapAsync(globals.GPUMapMode.READ);
    const [begin, end] = new BigUint64Array(readable.getMappedRange());
    time = Number(end - begin) / 1e6;
  }
  for (const release of releases) release();
  for (const each of [words, readable, queries]) each?.destroy();
  return time;
}

const sorted = (times) => times.toSorted((a, b) => a - b);
const median = (times) => sorted(times)[Math.floor(times.length / 2)];

/** Bytes that a second moves where a kernel copies a buffer far larger than any cache: read and written ones both count. */
async function copyBandwidth() {
  const size = Math.min(
    2 ** (flags.hardware ? 29 : 26),
    maxStorageBufferBindingSize - (maxStorageBufferBindingSize % 256),
  );
  const [from, to] = [0, 1].map(() => device.createBuffer({ size, usage: STORAGE }));
  const code = `@group(0) @binding(0) var<storage, read> source: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> target_: array<vec4<u32>>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < arrayLength(&source); i += groups.x * 256u) { target_[i] = source[i]; }
}`;
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const entries = [from, to].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const best = [];
  for (const workgroups of [2048, 8192, 32768]) {
    const times = [];
    for (let round = 0; round < 7; round++) {
      const encode = (pass) => {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        for (let i = 0; i < 4; i++) pass.dispatchWorkgroups(workgroups);
        return [];
      };
      times.push(await timeOfPass(encode));
    }
    best.push(Math.min(...times.slice(2)));
  }
  for (const buffer of [from, to]) buffer.destroy();
  return (4 * 2 * size) / (Math.min(...best) / 1000);
}

/** Uniform numbers of a linear congruential generator (Numerical Recipes' constants). */
function generator() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

const ROWS = {
  // Zipf's law with exponents 2 and 1, in a scrambled order.
  peaked: (i, n, normal) => -2 * Math.log1p((i * 7919) % n) + 0.3 * normal,
  Zipf: (i, n) => -Math.log1p((i * 7919) % n),
  flat: (_, __, normal) => normal,
  equal: () => 1.5,
};

function logitsOf(name, [rows, categories]) {
  const next = generator();
  return Float32Array.from({ length: rows * categories }, (_, i) => {
    const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
    return ROWS[name](i % categories, categories, normal);
  });
}

const CALLS = [
  ["categorical", {}],
  ["categorical", { topK: 50 }],
  ["categorical", { topK: 50, topP: 0.9, minP: 0.05 }],
  ["categorical", { minP: 0.05 }],
  ["categorical", { topP: 0.9 }],
  ["gumbelTopK", { k: 50 }],
];
const nameOf = ([operation, options]) => `${operation} ${JSON.stringify(options)}`;

const sampler = await createSampler(device);

/** Whether draws are the float64 reference's. */
async function check() {
  const wrong = [];
  for (const name of flags.logits.split(",")) {
    const logits = { data: logitsOf(name, [4, 20_000]), shape: [4, 20_000] };
    for (const [operation, { k, ...options }] of CALLS) {
      const call = { key: key(11), ...options };
      const args = k === undefined ? [logits, call] : [logits, k, call];
      const got = await sampler[operation](...args);
      const expected = core[operation](...args);
      const same = (a, b) => a.every((value, i) => value === b[i]);
      const pair = k === undefined ? [got.data, expected.data] : [got.indices.data, expected.indices.data];
      if (!same(Array.from(pair[0]), Array.from(pair[1])))
        wrong.push(`${nameOf([operation, { k, ...options }])} of ${name} rows`);
    }
  }
  return wrong;
}

/** More than any cache holds: each call reads logits that no call has read for that long. */
const COLD_BYTES = flags.hardware ? 2 ** 28 : 2 ** 24;
const MOST_COPIES = 512;

async function measure(shape, name) {
  const [rows, categories] = shape;
  const data = logitsOf(name, shape);
  const copies = Math.min(MOST_COPIES, Math.ceil(COLD_BYTES / data.byteLength));
  const usage = STORAGE | COPY_SRC | COPY_DST;
  const buffers = Array.from({ length: copies }, () => device.createBuffer({ size: data.byteLength, usage }));
  device.queue.writeBuffer(buffers[0], 0, data);
  const encoder = device.createCommandEncoder();
  for (const copy of buffers.slice(1)) encoder.copyBufferToBuffer(buffers[0], 0, copy, 0, data.byteLength);
  device.queue.submit([encoder.finish()]);
  const indices = device.createBuffer({ size: 4 * 50 * rows, usage });
  const values = device.createBuffer({ size: 4 * 50 * rows, usage });
  let step = 0;
  const callsOf =
    ([operation, options], times) =>
    (pass) =>
      Array.from({ length: times }, () => {
        const logits = buffers[step % copies];
        const outputs = operation === "gumbelTopK" ? { indices, values } : { indices };
        const call = { logits, shape, key: foldIn(key(12), step++), ...outputs, ...options };
        const encoded = sampler.encode(operation, pass, call);
        return () => encoded.release();
      });
  const plans = [];
  for (const call of CALLS) {
    // Warm: compiled, and the clocks up.
    await timeOfPass(callsOf(call, 1));
    const one = (await timeOfPass(callsOf(call, 3))) / 3;
    plans.push({
      call,
      times: Math.max(1, Math.min(400, Math.round(Number(flags.turn) / Math.max(one, 1e-3)))),
      found: [],
    });
  }
  for (let round = 0; round < Number(flags.rounds) + 2; round++) {
    for (const { call, times, found } of plans) {
      const time = (await timeOfPass(callsOf(call, times))) / times;
      if (round >= 2) found.push(1000 * time);
    }
  }
  for (const buffer of [...buffers, indices, values]) buffer.destroy();
  return plans.map(({ call, times, found }) => ({
    call: nameOf(call),
    shape: [rows, categories],
    logits: name,
    times,
    microseconds: median(found),
    quartiles: [0.25, 0.75].map((part) => sorted(found)[Math.floor(part * (found.length - 1))]),
  }));
}

const wrong = await check();
const bandwidth = await copyBandwidth();
const { vendor, architecture, description } = adapter.info;
const about = {
  gpu: [vendor, architecture, description].filter(Boolean).join(" "),
  clock: hasClock ? "timestamp-query" : "processor time",
  subgroups: device.features.has("subgroups"),
  bandwidth,
  wrong,
};
console.log(`${about.gpu}: a copy moves ${(bandwidth / 1e9).toFixed(0)} GB/s; time by ${about.clock}`);
console.log(wrong.length === 0 ? "draws are the reference's" : `not the reference's: ${wrong.join("; ")}`);
const figures = [];
for (const text of flags.shapes.split(",")) {
  const shape = text.split("x").map(Number);
  for (const name of flags.logits.split(",")) {
    const floor = (4e6 * shape[0] * shape[1]) / bandwidth;
    console.log(`\n[${shape.join(", ")}] ${name}; reading the logits: ${floor.toFixed(2)} µs`);
    const measured = await measure(shape, name);
    for (const each of measured) {
      const ofFloor = floor / each.microseconds;
      const ofPlain = each.microseconds / measured[0].microseconds;
      figures.push({ ...each, floor, ofFloor, ofPlain });
      const columns = [
        each.microseconds.toFixed(1),
        `${(100 * ofFloor).toFixed(0)} %`,
        `${ofPlain.toFixed(2)}×`,
      ];
      console.log(`${each.call.padEnd(58)}${columns.map((column) => column.padStart(12)).join("")}`);
    }
  }
}
if (flags.out !== undefined)
  writeFileSync(flags.out, `${JSON.stringify({ ...about, figures }, undefined, 1)}\n`);
// Dawn's threads would keep the process.
process.exit(wrong.length === 0 ? 0 : 1);
