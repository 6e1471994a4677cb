// @gumbel/webgpu's operations, encoded: what a decode loop does. All runs of a turn go in one submit.
import { createSampler, type Encoded, type Key } from "@gumbel/webgpu";
import type { Contestant, Entry, Inputs, Ready } from "../contestant.ts";
import { keyOf } from "../measure/near-reference.ts";

/** GPUBufferUsage STORAGE | COPY_SRC | COPY_DST. */
const USAGE = 0x80 | 0x4 | 0x8;

/** What an encoded call is given. */
interface Call {
  readonly logits: GPUBuffer;
  readonly cotangent: GPUBuffer;
  /** A soft sample, saved by the forward pass. */
  readonly sample: GPUBuffer;
  readonly shape: Inputs["shape"];
  readonly output: GPUBuffer;
  readonly key: Key;
}

/** Our contestants on a device. */
export async function gumbelWebgpu(device: GPUDevice): Promise<Contestant[]> {
  const sampler = await createSampler(device);
  const entry = (
    how: string,
    encode: (encoder: GPUCommandEncoder, call: Call) => Encoded,
    { isIndex = false, needsSample = false } = {},
  ): Entry => ({
    how,
    async prepare({ shape, logits: values, cotangent: cotangents }) {
      const [rows, classes] = shape;
      const count = isIndex ? rows : rows * classes;
      const logits = sampler.upload(values, shape).buffer;
      const cotangent = sampler.upload(cotangents, shape).buffer;
      const output = device.createBuffer({ size: 4 * count, usage: USAGE });
      const sample = needsSample
        ? (await sampler.gumbelSoftmax({ buffer: logits, shape }, { key: keyOf(0) })).buffer
        : cotangent;
      let index = 0;
      return {
        queue(times) {
          const encoder = device.createCommandEncoder();
          const encoded = Array.from({ length: times }, () =>
            encode(encoder, { logits, cotangent, sample, shape, output, key: keyOf(index++) }),
          );
          device.queue.submit([encoder.finish()]);
          for (const each of encoded) each.release();
        },
        done: () => device.queue.onSubmittedWorkDone(),
        result: () => sampler.read({ buffer: output, shape: [count], type: isIndex ? "i32" : "f32" }),
        dispose() {
          for (const buffer of new Set([logits, cotangent, sample, output])) buffer.destroy();
        },
      } satisfies Ready;
    },
  });
  const base = { family: "webgpu", ours: true, library: "@gumbel/webgpu" } as const;
  return [
    {
      ...base,
      id: "gumbel-webgpu",
      name: "@gumbel/webgpu",
      stream: "gumbel",
      conforms: true,
      operations: {
        categorical: entry("sampler.encodeCategorical", (to, call) => sampler.encodeCategorical(to, call), {
          isIndex: true,
        }),
        gumbelSoftmax: entry("sampler.encodeGumbelSoftmax", (to, call) =>
          sampler.encodeGumbelSoftmax(to, call),
        ),
        gumbelSoftmaxVjp: entry(
          "sampler.encodeGumbelSoftmaxVjp, noise made again",
          (to, { sample: _, ...call }) => sampler.encodeGumbelSoftmaxVjp(to, call),
        ),
        gumbel: entry("sampler.encodeGumbel", (to, call) => sampler.encodeGumbel(to, call)),
        softmax: entry("sampler.encodeSoftmax", (to, call) => sampler.encodeSoftmax(to, call)),
      },
    },
    {
      ...base,
      id: "gumbel-webgpu-half",
      name: "@gumbel/webgpu at temperature 0.5",
      operations: {
        gumbelSoftmax: entry("sampler.encodeGumbelSoftmax({ temperature: 0.5 })", (to, call) =>
          sampler.encodeGumbelSoftmax(to, { ...call, temperature: 0.5 }),
        ),
      },
    },
    {
      ...base,
      id: "gumbel-webgpu-saved",
      name: "@gumbel/webgpu, sample saved by the forward pass",
      operations: {
        gumbelSoftmaxVjp: entry(
          "sampler.encodeGumbelSoftmaxVjp({ sample })",
          (to, call) => sampler.encodeGumbelSoftmaxVjp(to, call),
          { needsSample: true },
        ),
      },
    },
  ];
}
