// A built folder: transformers.js loads it, and ONNX Runtime alone computes what the counts define.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { AutoModelForCausalLM, AutoTokenizer, env, pipeline, type Tensor } from "@huggingface/transformers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltDecoders, buildDecoder } from "../src/build-decoder.ts";
import { countNgrams } from "../src/count-ngrams.ts";
import { createDecoder, type Decoder } from "../src/create-decoder.ts";
import { readCorpus } from "../src/read-corpus.ts";
import { trainBpe } from "../src/train-bpe.ts";
import { probabilitiesOf } from "./probabilities-of.ts";

const VOCABULARY = 2048;
const ORDER = 4;
const CHAPTERS = 30;

const folder = mkdtempSync(join(tmpdir(), "tiny-decoder-"));
let built: BuiltDecoders;
let decoder: Decoder;
/** The first tokens of a chapter that was not trained on. */
let ids: readonly number[];

beforeAll(async () => {
  env.allowRemoteModels = false;
  env.localModelPath = folder;
  built = buildDecoder(folder, { vocabularySize: VOCABULARY, orders: [ORDER], chapters: CHAPTERS });
  decoder = await createDecoder(built.decoders[0].folder);
  ids = built.heldOut[4].slice(0, 60);
});
afterAll(async () => {
  await decoder?.release();
  rmSync(folder, { recursive: true });
});

const model = () => basename(built.decoders[0].folder);
const rowsOf = (logits: Float32Array) =>
  Array.from({ length: logits.length / VOCABULARY }, (_, i) =>
    logits.slice(i * VOCABULARY, (i + 1) * VOCABULARY),
  );
const argmaxOf = (row: Float32Array) => row.indexOf(Math.max(...row));

describe("the ONNX file", () => {
  it("computes the logarithms of the counted probabilities", async () => {
    const corpus = readCorpus();
    const training = corpus.slice(0, CHAPTERS);
    const bpe = trainBpe([...training, ...corpus.slice(-5)], VOCABULARY);
    const counted = countNgrams(
      training.map((text) => bpe.encode(text)),
      VOCABULARY,
      ORDER,
    );
    const rows = rowsOf((await decoder.read([ids])).logits);
    rows.forEach((row, i) => {
      const expected = probabilitiesOf(counted, ids.slice(0, i + 1));
      const error = row.reduce(
        (most, logit, v) => Math.max(most, Math.abs(logit - Math.log(expected[v]))),
        0,
      );
      expect(error).toBeLessThan(1e-5);
    });
  });

  it("gives the same bits token by token as at once, and beside another text as alone", async () => {
    const whole = rowsOf((await decoder.read([ids])).logits);
    let state: Awaited<ReturnType<Decoder["read"]>>["state"] | undefined;
    for (const [i, id] of ids.entries()) {
      const next = await decoder.read([[id]], state);
      expect(next.logits).toEqual(whole[i]);
      state = next.state;
    }
    const short = ids.slice(20);
    const padding = Array<number>(20).fill(0);
    const alone = rowsOf((await decoder.read([short])).logits);
    const both = rowsOf((await decoder.read([ids, [...padding, ...short]])).logits);
    expect(both.slice(0, 60)).toEqual(whole);
    expect(both.slice(80)).toEqual(alone);
  });

  it("goes back to where it was", async () => {
    const [first, second, third] = [ids.slice(0, 10), ids.slice(10, 20), ids.slice(20, 30)];
    const { state } = await decoder.read([first, second]);
    const expected = await decoder.read([third, third], state);
    const { state: later } = await decoder.read([second, first], state);
    const again = await decoder.read([third, third], decoder.rewind(later, 10));
    expect(again.logits).toEqual(expected.logits);
  });

  it("has learned the book: an unseen token takes 8 bits, of the 11 of a uniform one", async () => {
    const { logits } = await decoder.read([built.heldOut[4].slice(0, 1000)]);
    const rows = rowsOf(logits);
    const next = built.heldOut[4].slice(1, 1000);
    const bits = next.reduce((sum, id, i) => sum - rows[i][id], 0) / next.length / Math.LN2;
    expect(bits).toBeLessThan(8);
    expect(bits).toBeGreaterThan(3);
  });
});

describe("transformers.js", () => {
  it("encodes as the training did, and decodes to the text", async () => {
    const tokenizer = await AutoTokenizer.from_pretrained(model());
    const text = readCorpus().at(-1)!;
    const encoded = tokenizer.encode(text);
    expect(encoded).toEqual(built.heldOut[4]);
    expect(tokenizer.decode(encoded, { clean_up_tokenization_spaces: false })).toBe(text);
  });

  it("decodes greedily what ONNX Runtime alone decodes, in a batch with padding", async () => {
    const tokenizer = await AutoTokenizer.from_pretrained(model());
    const loaded = await AutoModelForCausalLM.from_pretrained(model(), { dtype: "fp32" });
    const inputs = tokenizer(["The whale", "It was on a cold night that the captain"], { padding: true });
    const steps = 30;
    const generated = (await loaded.generate({
      ...inputs,
      max_new_tokens: steps,
      do_sample: false,
    })) as Tensor;
    const got = (generated.tolist() as bigint[][]).map((row) => row.map(Number));
    const expected = ((inputs.input_ids as Tensor).tolist() as bigint[][]).map((row) => row.map(Number));
    let next = expected.map((row) => [...row]);
    let state: Awaited<ReturnType<Decoder["read"]>>["state"] | undefined;
    for (let step = 0; step < steps; step++) {
      const read = await decoder.read(next, state);
      const rows = rowsOf(read.logits);
      const length = next[0].length;
      next = expected.map((row, i) => {
        const token = argmaxOf(rows[(i + 1) * length - 1]);
        row.push(token);
        return [token];
      });
      state = read.state;
    }
    expect(got).toEqual(expected);
    await loaded.dispose();
  });

  it("generates text through its pipeline", async () => {
    const generate = await pipeline("text-generation", model(), { dtype: "fp32" });
    const [{ generated_text }] = (await generate("Call me", { max_new_tokens: 12, do_sample: false })) as [
      { generated_text: string },
    ];
    expect(generated_text).toMatch(/^Call me.{10,}/s);
    await generate.dispose();
  });
});

it("the same options give the same files", () => {
  const build = (name: string) => {
    const options = { vocabularySize: 300, orders: [3], chapters: 2 };
    const [{ folder: own }] = buildDecoder(join(folder, name), options).decoders;
    return ["onnx/model.onnx", "tokenizer.json"].map((file) => readFileSync(join(own, file)));
  };
  const second = build("second");
  // Compared as buffers: an assertion on their elements takes seconds.
  expect(build("first").every((file, i) => file.equals(second[i]))).toBe(true);
});
