// @gumbel/webgpu's own operations, encoded: what a user's decode loop does.
import { createSampler, foldIn, key, type WebGpuSampler } from "@gumbel/webgpu";
import type { Contestant, Ready, Task } from "./contestant.ts";

/** GPUBufferUsage STORAGE | COPY_SRC | COPY_DST. */
const USAGE = 0x80 | 0x4 | 0x8;

/** Our contestants on a device. */
export async function ours(device: GPUDevice): Promise<Contestant[]> {
  const sampler = await createSampler(device);
  const root = key(1);
  const make = (
    name: string,
    task: Task,
    outputs: (rows: number, classes: number) => number,
    encode: (
      encoder: GPUCommandEncoder,
      call: { logits: GPUBuffer; shape: number[]; output: GPUBuffer; key: ReturnType<typeof key> },
    ) => { release(): void },
  ): Contestant => ({
    name,
    task,
    async prepare([rows, classes], values) {
      const shape = [rows, classes];
      const logits = sampler.upload(values, shape).buffer;
      const output = device.createBuffer({ size: 4 * outputs(rows, classes), usage: USAGE });
      let step = 0;
      return {
        queue(times) {
          const encoder = device.createCommandEncoder();
          const encoded = Array.from({ length: times }, () =>
            encode(encoder, { logits, shape, output, key: foldIn(root, step++) }),
          );
          device.queue.submit([encoder.finish()]);
          for (const each of encoded) each.release();
        },
        done: () => device.queue.onSubmittedWorkDone(),
        result: async () => read(sampler, output, outputs(rows, classes), task),
        dispose() {
          logits.destroy();
          output.destroy();
        },
      } satisfies Ready;
    },
  });
  return [
    make(
      "gumbel categorical",
      "categorical",
      (rows) => rows,
      (encoder, call) => sampler.encodeCategorical(encoder, call),
    ),
    make(
      "gumbel gumbelSoftmax",
      "gumbelSoftmax",
      (rows, classes) => rows * classes,
      (encoder, call) => sampler.encodeGumbelSoftmax(encoder, call),
    ),
    make(
      "gumbel gumbelSoftmax, temperature 0.5",
      "gumbelSoftmax",
      (rows, classes) => rows * classes,
      (encoder, call) => sampler.encodeGumbelSoftmax(encoder, { ...call, temperature: 0.5 }),
    ),
  ];
}

function read(sampler: WebGpuSampler, buffer: GPUBuffer, count: number, task: Task) {
  return sampler.read({ buffer, shape: [count], type: task === "categorical" ? "i32" : "f32" });
}
