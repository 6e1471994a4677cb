// Draws for the playground in a worker. Keeps the backends that it has loaded.
import { foldIn, key as keyOf } from "@gumbel/core";
import type { ConformanceBackend } from "@gumbel/core/conformance";
import type { BackendId } from "../backends/backends.ts";
import { loadTarget } from "../backends/load-target.ts";
import type { DrawRequest, NoiseRequest, PlaygroundEvent } from "./messages.ts";

/** Rows of noise between two progress messages. */
const ROWS_BETWEEN = 20;

const backends = new Map<BackendId, Promise<ConformanceBackend<unknown>>>();
let queue: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<DrawRequest | NoiseRequest>) => {
  queue = queue
    .then(() => (data.type === "draw" ? draw(data) : countNoise(data)))
    .catch((error: unknown) => {
      if (data.type === "draw") backends.delete(data.backend);
      post({ type: "error", id: data.id, message: error instanceof Error ? error.message : String(error) });
    });
};

async function draw(request: DrawRequest): Promise<void> {
  const { id, backend, logits, temperature, seed, samples, towards } = request;
  const key = keyOf(seed);
  const { sampler, fromArray, toArray, release } = await open(backend);
  const n = logits.length;
  const sampleShape = [samples + 1];
  const cotangent = Float32Array.from({ length: n }, (_, i) => (i === towards ? 1 : 0));
  const input = await fromArray({ data: [...logits], shape: [n] });
  const direction = await fromArray({ data: cotangent, shape: [n] });
  const tensors = [input, direction];
  try {
    const read = async (tensor: unknown) => {
      tensors.push(tensor);
      return Float32Array.from((await toArray(tensor)).data);
    };
    const soft = await read(await sampler.gumbelSoftmax(input, { key, temperature, sampleShape }));
    const hard = await read(await sampler.gumbelSoftmax(input, { key, temperature, hard: true }));
    const picked = await read(await sampler.categorical(input, { key, sampleShape }));
    // Its Jacobian is symmetric: row y_towards is also the change of y for a unit of that logit.
    const gradient = await read(await sampler.gumbelSoftmaxVjp(input, direction, { key, temperature }));
    const counts = logits.map((_, category) => picked.filter((index) => index === category).length);
    post({ type: "drawn", id, soft, hard, counts, gradient });
  } finally {
    for (const tensor of tensors) await release(tensor);
  }
}

/** Counts ties and upsets, and posts progress in between. */
async function countNoise({ id, precision, columns, rows, lead }: NoiseRequest): Promise<void> {
  // A billion values: the SIMD engine, or the reference where there is no SIMD.
  const { sampler, toArray, release } = await open("wasm").catch(() => open("reference"));
  let ties = 0;
  let upsets = 0;
  for (let row = 0; row < rows; row++) {
    const noise = await sampler.gumbel([columns], { key: foldIn(keyOf(0), row), precision });
    const { data } = await toArray(noise);
    const first = data[0];
    let largest = Number.NEGATIVE_INFINITY;
    let occurrences = 0;
    for (let i = 1; i < columns; i++) {
      if (data[i] > largest) {
        largest = data[i];
        occurrences = 1;
      } else if (data[i] === largest) occurrences++;
    }
    await release(noise);
    if (occurrences > 1) ties++;
    if (largest > first + lead) upsets++;
    if ((row + 1) % ROWS_BETWEEN === 0 || row + 1 === rows) {
      post({ type: "counted", id, rows: row + 1, ties, upsets });
    }
  }
}

function open(id: BackendId): Promise<ConformanceBackend<unknown>> {
  let backend = backends.get(id);
  if (backend === undefined) {
    backend = loadTarget(id).then((target) => target.create());
    backends.set(id, backend);
  }
  return backend;
}

function post(event: PlaygroundEvent): void {
  self.postMessage(event);
}
