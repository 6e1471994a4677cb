// transformers.js's token sampler. Its package exports no sampler, but ships the source of the one that `generate` uses: that
// file is what runs here, as it stands.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Contestant, Entry } from "../contestant.ts";
import { repeat } from "./repeat.ts";

interface Modules {
  readonly LogitsSampler: {
    getSampler(config: object): (logits: unknown) => Promise<[bigint, number][]>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: number[]) => unknown;
}

/** Its default `top_k`. */
const DEFAULT_TOP_K = 50;

/** Its multinomial sampler, over the whole vocabulary and with its default pre-selection. */
export async function transformersJs(): Promise<Contestant[]> {
  const source = join(dirname(fileURLToPath(import.meta.resolve("@huggingface/transformers"))), "../src");
  const load = (path: string) => import(pathToFileURL(join(source, path)).href);
  // One after the other: Node 20 loses its way in a circle of modules that two imports enter at once.
  const { Tensor }: Pick<Modules, "Tensor"> = await load("utils/tensor.js");
  const { LogitsSampler }: Pick<Modules, "LogitsSampler"> = await load("generation/logits_sampler.js");
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
      operations: { categorical: entry(DEFAULT_TOP_K) },
    },
  ];
}
