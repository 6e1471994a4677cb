// transformers.js's token sampler. Its package keeps the class that `generate` uses to itself: the published file runs as it
// stands, with one line more that exports it.
import { register } from "node:module";
import type { Contestant, Entry } from "../contestant.ts";
import { repeat } from "./repeat.ts";

/** What is used of the module. */
interface Exports {
  readonly LogitsSampler: {
    getSampler(config: object): (logits: object) => Promise<[bigint, number][]>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: number[]) => object;
}

/** A hook of Node's module loader. */
const HOOK = `export async function load(url, context, next) {
  const module = await next(url, context);
  if (!url.endsWith("/transformers.node.mjs")) return module;
  return { ...module, source: module.source + "\\nexport { LogitsSampler };" };
}`;

/** Its default `top_k`. */
const DEFAULT_TOP_K = 50;

/** Its multinomial sampler, over the whole vocabulary and with its default pre-selection. */
export async function transformersJs(): Promise<Contestant[]> {
  register(`data:text/javascript,${encodeURIComponent(HOOK)}`);
  const { LogitsSampler, Tensor } = (await import("@huggingface/transformers")) as unknown as Exports;
  const entry = (topK: number): Entry => ({
    how: `LogitsSampler.getSampler({ do_sample: true, top_k: ${topK} }) on each row`,
    async prepare({ shape: [rows, classes], logits }) {
      const sampler = LogitsSampler.getSampler({ do_sample: true, top_k: topK, num_beams: 1 });
      const tensors = Array.from(
        { length: rows },
        (_, row) => new Tensor("float32", logits.slice(row * classes, (row + 1) * classes), [1, classes]),
      );
      return repeat({
        run: async () => {
          const indices: number[] = [];
          for (const tensor of tensors) indices.push(Number((await sampler(tensor))[0][0]));
          return indices;
        },
        read: (last) => last,
      });
    },
  });
  const base = { family: "onnx", ours: false, library: "@huggingface/transformers" } as const;
  return [
    {
      ...base,
      id: "transformers-js",
      name: "transformers.js sampler, whole vocabulary",
      operations: { categorical: entry(0) },
    },
    {
      ...base,
      id: "transformers-js-top",
      name: `transformers.js sampler, its default of the ${DEFAULT_TOP_K} largest`,
      approximate: `draws from the ${DEFAULT_TOP_K} largest logits`,
      operations: { categorical: entry(DEFAULT_TOP_K) },
    },
  ];
}
