// Draws for the playground, off the page's thread. Keeps the backends that it has loaded.
import { foldIn, gumbel, key } from "@gumbel/core";
import type { ConformanceBackend } from "@gumbel/core/conformance";
import type { BackendId } from "../backends/backends.ts";
import { loadTarget } from "../backends/load-target.ts";
import type { DrawRequest, PlaygroundEvent, TieRequest } from "./messages.ts";

const backends = new Map<BackendId, Promise<ConformanceBackend<unknown>>>();
let queue: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<DrawRequest | TieRequest>) => {
  queue = queue
    .then(() => (data.type === "draw" ? draw(data) : countTies(data)))
    .catch((error: unknown) => {
      if (data.type === "draw") backends.delete(data.backend);
      tell({ type: "error", id: data.id, message: error instanceof Error ? error.message : String(error) });
    });
};

async function draw({ id, backend, logits, temperature, key, samples }: DrawRequest): Promise<void> {
  const { sampler, fromArray, toArray, release } = await open(backend);
  const n = logits.length;
  const sampleShape = [samples + 1];
  const cotangent = Float32Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0));
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
    const gradient = await read(await sampler.gumbelSoftmaxVjp(input, direction, { key, temperature }));
    const counts = logits.map((_, category) => picked.filter((index) => index === category).length);
    tell({ type: "drawn", id, soft, hard, counts, gradient });
  } finally {
    for (const tensor of tensors) await release(tensor);
  }
}

/** Rows of noise whose largest value comes twice; tells after each row. */
async function countTies({ id, precision, columns, rows }: TieRequest): Promise<void> {
  let ties = 0;
  for (let row = 0; row < rows; row++) {
    const { data } = gumbel([columns], { key: foldIn(key(0), row), precision });
    let best = Number.NEGATIVE_INFINITY;
    let holders = 0;
    for (const value of data) {
      if (value > best) {
        best = value;
        holders = 1;
      } else if (value === best) holders++;
    }
    if (holders > 1) ties++;
    tell({ type: "tied", id, done: row + 1, ties });
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

function tell(event: PlaygroundEvent): void {
  self.postMessage(event);
}
