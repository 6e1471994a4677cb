// @gumbel/onnx over sessions of one runtime and provider, and the graphs that it exports run as they are.
import {
  appendSampler,
  createSampler,
  exportCategorical,
  exportGumbelSoftmax,
  type OnnxRuntime,
  type OrtTensor,
  type SamplerOptions,
} from "@gumbel/onnx";
import type { Contestant, Entry } from "../contestant.ts";
import { keyOf } from "../measure/near-reference.ts";
import type { Operation } from "../results.ts";
import { ofSampler } from "./of-sampler.ts";
import { ofSession } from "./of-session.ts";
import { identityModel } from "./onnx-models.ts";

/** Largest logits that a pre-selection keeps: vLLM's and transformers' defaults are 50 and below. */
const TOP = 64;

/** Where sessions run. */
export interface OnnxPlace<T extends OrtTensor> {
  readonly ort: OnnxRuntime<T>;
  /** `node`, `wasm`, `webgpu`. */
  readonly place: string;
  readonly library: string;
  readonly sessionOptions: object;
}

/** Our sampler, and our graphs with the generator inside. */
export async function gumbelOnnx<T extends OrtTensor>({
  ort,
  place,
  library,
  sessionOptions,
}: OnnxPlace<T>): Promise<Contestant[]> {
  const key = (run: number) => ({ key: new ort.Tensor("uint32", Uint32Array.from(keyOf(run)), [2]) });
  // WebGPU's adders are accurate for one plan only, which leaves the generator on the CPU.
  const integers = place === "webgpu" ? "uint64" : "uint32";
  const graph = (how: string, bytes: () => Uint8Array): Entry =>
    ofSession(ort, sessionOptions, how, bytes, key);
  const inGraph: Partial<Record<Operation, Entry>> = {
    categorical: graph(`session.run of exportCategorical({ integers: "${integers}" })`, () =>
      exportCategorical({ integers }),
    ),
    gumbelSoftmax: graph(`session.run of exportGumbelSoftmax({ integers: "${integers}" })`, () =>
      exportGumbelSoftmax({ integers }),
    ),
  };
  const base = {
    family: "onnx",
    ours: true,
    library: "@gumbel/onnx",
    stream: "gumbel",
    conforms: true,
  } as const;
  const label = `${library}, ${place}`;
  const sampler = (id: string, name: string, options: SamplerOptions): Contestant => ({
    ...base,
    id,
    name: `${name} (${label})`,
    operations: ofSampler<T>({
      sampler: createSampler(ort, { ...sessionOptions, ...options }),
      fromArray: ({ data, shape }) => new ort.Tensor("float32", data, [...shape]),
      read: async (tensor) => (await tensor.getData()) as Float32Array,
      release: (tensor) => tensor.dispose(),
    }),
  });
  return [
    sampler(`gumbel-onnx-${place}`, "@gumbel/onnx sampler, noise by @gumbel/wasm", {}),
    // On WebGPU the default without @gumbel/wasm is another one, which only differs in who makes the noise.
    ...(place === "webgpu"
      ? []
      : [
          sampler(`gumbel-onnx-${place}-bits`, "@gumbel/onnx sampler, bits in JavaScript", { noise: "bits" }),
        ]),
    {
      ...base,
      id: `gumbel-onnx-${place}-graph`,
      name: `@gumbel/onnx graph with its generator (${label})`,
      operations: inGraph,
    },
    {
      ...base,
      id: `gumbel-onnx-${place}-top`,
      name: `@gumbel/onnx appended, ${TOP} largest first (${label})`,
      // Another distribution where more than so many classes matter.
      conforms: false,
      stream: "gumbel, largest first",
      approximate: `draws from the ${TOP} largest logits`,
      operations: {
        categorical: graph(`session.run of appendSampler(model, { topK: ${TOP} })`, () =>
          appendSampler(identityModel(), { logits: "same", topK: TOP }),
        ),
      },
    },
  ];
}
