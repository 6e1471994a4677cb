// transformers.js's token sampler. Its package does not export the class that `generate` uses: the published file runs with
// one more line that exports it.
import { register } from "node:module";
import { type Contestant, entriesOf, repeat } from "../contestant.ts";
import { FILTERS } from "../filtered.ts";

interface Exports {
  readonly LogitsSampler: { getSampler(config: object): (logits: object) => Promise<[bigint, number][]> };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: number[]) => object;
}

const HOOK = `export async function load(url, context, next) {
  const module = await next(url, context);
  if (!url.endsWith("/transformers.node.mjs")) return module;
  return { ...module, source: module.source + "\\nexport { LogitsSampler };" };
}`;

/** Its default `top_k`: its other filters do nothing. */
const TOP = FILTERS.topK.topK;

/** Over the whole vocabulary, and with its default pre-selection. */
export async function transformersJs(): Promise<Contestant[]> {
  register(`data:text/javascript,${encodeURIComponent(HOOK)}`);
  const { LogitsSampler, Tensor } = (await import("@huggingface/transformers")) as unknown as Exports;
  const ofTop = (topK: number) => {
    const how = `LogitsSampler.getSampler({ do_sample: true, top_k: ${topK} }) on each row`;
    // Where it takes the largest only, it is topK.
    const hows: Partial<Record<"categorical" | "topK", string>> = { categorical: how };
    if (topK === TOP) hows.topK = how;
    return entriesOf(
      hows as Record<"categorical" | "topK", string>,
      async (_, { shape: [rows, categories], logits }) => {
        const sampler = LogitsSampler.getSampler({ do_sample: true, top_k: topK, num_beams: 1 });
        const tensors = Array.from({ length: rows }, (_, row) => {
          const values = logits.slice(row * categories, (row + 1) * categories);
          return new Tensor("float32", values, [1, categories]);
        });
        const run = async () => {
          const indices: number[] = [];
          for (const tensor of tensors) indices.push(Number((await sampler(tensor))[0][0]));
          return indices;
        };
        return repeat({ run, read: (last) => last });
      },
    );
  };
  const base = { family: "onnx", library: "@huggingface/transformers" } as const;
  const name = "transformers.js sampler";
  const approximate = `draws from the ${TOP} largest logits`;
  return [
    { ...base, id: "transformers-js", name: `${name}, whole vocabulary`, operations: ofTop(0) },
    {
      ...base,
      id: "transformers-js-top",
      name: `${name}, its default of the ${TOP} largest`,
      approximate,
      operations: ofTop(TOP),
    },
  ];
}
