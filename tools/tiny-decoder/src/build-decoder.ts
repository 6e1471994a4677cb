// Builds a folder that `AutoTokenizer` and `AutoModelForCausalLM` load: tokenizer, configuration, ONNX file.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { countNgrams } from "./count-ngrams.ts";
import { ngramGraph } from "./ngram-graph.ts";
import { readCorpus } from "./read-corpus.ts";
import { configurationFiles } from "./tokenizer-files.ts";
import { trainBpe } from "./train-bpe.ts";

/** How a model is built. */
export interface BuildOptions {
  /** Tokens of the vocabulary. Default 4096. */
  readonly vocabularySize?: number;
  /** Orders to build, a model each: one of order n looks back n − 1 tokens. Default `[5]`. */
  readonly orders?: readonly number[];
  /** Chapters to train on, from the first; default all but those held out. */
  readonly chapters?: number;
  /** Chapters at the end that are not trained on, though the tokenizer is. Default 5. */
  readonly heldOut?: number;
}

/** A model of one order. */
export interface BuiltDecoder {
  readonly order: number;
  /** Its folder. */
  readonly folder: string;
  /** Bytes of its ONNX file. */
  readonly bytes: number;
  /** Contexts that have a row of their own. */
  readonly contexts: number;
}

/** Models of the same tokenizer. */
export interface BuiltDecoders {
  readonly vocabularySize: number;
  readonly decoders: readonly BuiltDecoder[];
  /** Tokens that were trained on. */
  readonly trained: number;
  /** Token ids of the held-out chapters. */
  readonly heldOut: readonly (readonly number[])[];
}

/** Builds models of Moby-Dick into `folder/order-n`. The same options give the same files. */
export function buildDecoder(folder: string, options: BuildOptions = {}): BuiltDecoders {
  const { vocabularySize = 4096, orders = [5], heldOut = 5 } = options;
  const corpus = readCorpus();
  const chapters = Math.min(options.chapters ?? corpus.length - heldOut, corpus.length - heldOut);
  const training = corpus.slice(0, chapters);
  const unseen = corpus.slice(corpus.length - heldOut);
  const bpe = trainBpe([...training, ...unseen], vocabularySize);
  const sequences = training.map((text) => bpe.encode(text));
  const files = configurationFiles(bpe);
  const decoders = orders.map((order) => {
    const model = countNgrams(sequences, vocabularySize, order);
    const file = ngramGraph(model);
    const own = join(folder, `order-${order}`);
    mkdirSync(join(own, "onnx"), { recursive: true });
    writeFileSync(join(own, "onnx", "model.onnx"), file);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(own, name), `${JSON.stringify(content, undefined, 1)}\n`);
    }
    const contexts = model.orders.reduce((sum, { rows }) => sum + rows.size, 0);
    return { order, folder: own, bytes: file.length, contexts };
  });
  const trained = sequences.reduce((sum, { length }) => sum + length, 0);
  return { vocabularySize, decoders, trained, heldOut: unseen.map((text) => bpe.encode(text)) };
}
