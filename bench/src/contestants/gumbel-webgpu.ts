// @gumbel/webgpu's operations, encoded: what a decode loop does. All runs of a turn go in one submit.
import { createSampler, type EncodedCall } from "@gumbel/webgpu";
import { type Contestant, entriesOf } from "../contestant.ts";
import { FILTERS, isFiltered } from "../filtered.ts";
import { keyOf } from "../measure/near-reference.ts";
import { CONFORMING } from "./of-sampler.ts";

/** GPUBufferUsage STORAGE | COPY_SRC | COPY_DST. */
const USAGE = 0x80 | 0x4 | 0x8;

const CALLS = {
  categorical: 'sampler.encode("categorical", …)',
  gumbelSoftmax: 'sampler.encode("gumbelSoftmax", …)',
  gumbelSoftmaxVjp: 'sampler.encode("gumbelSoftmaxVjp", …)',
  gumbel: 'sampler.encode("gumbel", …)',
  softmax: 'sampler.encode("softmax", …)',
  topK: 'sampler.encode("categorical", { topK, … })',
  minP: 'sampler.encode("categorical", { minP, … })',
  topP: 'sampler.encode("categorical", { topP, … })',
  filters: 'sampler.encode("categorical", { topK, topP, minP, … })',
} as const;

export async function gumbelWebgpu(device: GPUDevice): Promise<Contestant[]> {
  const sampler = await createSampler(device);
  const entries = <Name extends keyof typeof CALLS>(hows: Record<Name, string>, options: object = {}) =>
    entriesOf<Name>(hows, async (name: keyof typeof CALLS, { shape, ...data }) => {
      const [operation, filters] = isFiltered(name) ? (["categorical", FILTERS[name]] as const) : [name];
      const isIndex = operation === "categorical";
      const count = isIndex ? shape[0] : shape[0] * shape[1];
      const logits = sampler.upload({ data: data.logits, shape });
      const cotangent = sampler.upload({ data: data.cotangent, shape });
      const output = device.createBuffer({ size: 4 * count, usage: USAGE });
      const call: object = {
        categorical: { logits, indices: output },
        gumbelSoftmax: { logits, y: output },
        gumbelSoftmaxVjp: { logits, cotangent, gradient: output },
        gumbel: { shape, noise: output },
        softmax: { logits, y: output },
      }[operation];
      const keyed = (run: number) => (operation === "softmax" ? {} : { key: keyOf(run) });
      let index = 0;
      return {
        queue(times) {
          const encoder = device.createCommandEncoder();
          const encoded = Array.from({ length: times }, () => {
            const given = { ...call, ...filters, ...options, ...keyed(index++) };
            return sampler.encode(operation, encoder, given as EncodedCall<typeof operation>);
          });
          device.queue.submit([encoder.finish()]);
          for (const each of encoded) each.release();
        },
        done: () => device.queue.onSubmittedWorkDone(),
        result: () => sampler.read({ buffer: output, shape: [count], type: isIndex ? "i32" : "f32" }),
        dispose() {
          for (const buffer of [logits.buffer, cotangent.buffer, output]) buffer.destroy();
        },
      };
    });
  const base = { family: "webgpu", library: "@gumbel/webgpu" } as const;
  const how = 'sampler.encode("gumbelSoftmax", { temperature: 0.5, … })';
  const half = entries({ gumbelSoftmax: how }, { temperature: 0.5 });
  return [
    { ...base, ...CONFORMING, id: "gumbel-webgpu", name: "@gumbel/webgpu", operations: entries(CALLS) },
    { ...base, id: "gumbel-webgpu-half", name: "@gumbel/webgpu at temperature 0.5", operations: half },
  ];
}
