// ONNX Runtime's sessions of one runtime and provider: @gumbel/onnx's sampler over them, the graphs that it exports, and what
// users have without us.
import * as onnx from "@gumbel/onnx";
import type { Contestant } from "../contestant.ts";
import { keyOf } from "../measure/near-reference.ts";
import { type OnnxPlace, ofGraphs } from "./of-graphs.ts";
import { CONFORMING, ofSampler } from "./of-sampler.ts";
import { identityModel, onnxByHand } from "./onnx-by-hand.ts";

/** Largest logits that a pre-selection keeps: vLLM's and transformers' defaults are 50 and below. */
const TOP = 64;

export async function ofOnnx<T extends onnx.OrtTensor>(where: OnnxPlace<T>): Promise<Contestant[]> {
  const { ort, place, library, sessionOptions } = where;
  const label = `${library}, ${place}`;
  const base = { family: "onnx", library: "@gumbel/onnx", ...CONFORMING } as const;
  const sampler = (id: string, name: string, options: onnx.SamplerOptions): Contestant => {
    const operations = ofSampler<T>({
      sampler: onnx.createSampler(ort, { ...sessionOptions, ...options }),
      fromArray: ({ data, shape }) => new ort.Tensor("float32", data, [...shape]),
      read: async (tensor) => (await tensor.getData()) as Float32Array,
      release: (tensor) => tensor.dispose(),
    });
    return { ...base, id, name: `${name} (${label})`, operations };
  };
  const bits = () =>
    sampler(`gumbel-onnx-${place}-bits`, "@gumbel/onnx sampler, bits in JavaScript", { noise: "bits" });
  // WebGPU's adders are accurate for one plan only, which leaves the generator on the CPU.
  const integers = place === "webgpu" ? "uint64" : "uint32";
  const how = (name: string) => `session.run of ${name}({ integers: "${integers}" })`;
  const key = (run: number) => ({ key: new ort.Tensor("uint32", Uint32Array.from(keyOf(run)), [2]) });
  const exported = {
    categorical: [how("exportCategorical"), () => onnx.exportCategorical({ integers })],
    gumbelSoftmax: [how("exportGumbelSoftmax"), () => onnx.exportGumbelSoftmax({ integers })],
  } as const;
  const append = () =>
    onnx.appendSampler(identityModel(), { logits: "same", shape: ["rows", "categories"], topK: TOP });
  return [
    sampler(`gumbel-onnx-${place}`, "@gumbel/onnx sampler, noise by @gumbel/wasm", {}),
    // On WebGPU the default without @gumbel/wasm is another one, which only differs in who makes the noise.
    ...(place === "webgpu" ? [] : [bits()]),
    {
      ...base,
      id: `gumbel-onnx-${place}-graph`,
      name: `@gumbel/onnx graph with its generator (${label})`,
      operations: ofGraphs(where, exported, key),
    },
    {
      ...base,
      id: `gumbel-onnx-${place}-top`,
      name: `@gumbel/onnx appended, ${TOP} largest first (${label})`,
      // Another distribution where more than so many categories matter.
      conforms: false,
      stream: "gumbel, largest first",
      approximate: `draws from the ${TOP} largest logits`,
      operations: ofGraphs(
        where,
        { categorical: [`session.run of appendSampler(model, { topK: ${TOP} })`, append] },
        key,
      ),
    },
    ...onnxByHand(where),
  ];
}
