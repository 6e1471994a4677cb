// The command: its options and the files that it writes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { categorical, key } from "@gumbel/core";
import { useSwiftshader } from "@gumbel-tools/chromium";
import * as ort from "onnxruntime-node";
import { afterAll, describe, expect, it } from "vitest";
import { parseOptions, UsageError } from "../src/options.ts";
import type { Results } from "../src/report/results.ts";
import { run } from "../src/run.ts";

// A GPU of software, for Dawn.
useSwiftshader();

const out = mkdtempSync(join(tmpdir(), "digits-vae-"));
afterAll(() => rmSync(out, { recursive: true }));

describe("options", () => {
  it("have defaults", () => {
    expect(parseOptions([])).toEqual({
      help: false,
      compare: false,
      backend: "wasm",
      codes: "soft",
      epochs: 40,
      seed: 1,
      seeds: 3,
      variables: 20,
      hidden: [384],
      temperature: undefined,
      out: "digits-vae-report",
    });
  });

  it.each([
    [["--backend", "cuda"], '--backend must be one of wasm, cpu, got "cuda"'],
    [["--epochs", "0"], "--epochs must be an integer in [1, 10000]"],
    [["--seed", "x"], "--seed must be an integer"],
    [["--hidden", "256,x"], '--hidden must be an integer in [1, 10000], got "x"'],
    [["--temperature", "0"], '--temperature must be a number in [2^-40, 1], got "0"'],
    [["--epoch", "3"], "--epoch"],
    [["train"], 'the only command is compare, got "train"'],
    [["compare", "all"], 'the only command is compare, got "all"'],
    [
      ["--estimator", "zgr"],
      "--estimator must be one of soft, straight-through, reinmax, gumbel-rao, gapped",
    ],
  ])("refuse %j", (words, message) => {
    expect(() => parseOptions(words)).toThrow(UsageError);
    expect(() => parseOptions(words)).toThrow(message);
  });
});

describe("a run", () => {
  it("logs each epoch, and writes the page and the numbers", { timeout: 120_000 }, async () => {
    const lines: string[] = [];
    const options = parseOptions(["--epochs", "1", "--out", out]);
    const results = await run(options, (line) => void lines.push(line));
    expect(lines.find((line) => line.startsWith("epoch 1/1"))).toMatch(
      /held out \d+\.\d+ \(pixels .* \+ code .*\)/,
    );
    const saved: Results = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
    expect(saved).toEqual(JSON.parse(JSON.stringify(results)));
    expect(saved.final.negativeElbo).toBeCloseTo(saved.final.reconstruction + saved.final.kl, 5);
    expect(saved.final.negativeElbo).toBeLessThan(230);
    const html = readFileSync(join(out, "report.html"), "utf8");
    // 30 digits, 30 reconstructions, 30 of the prior, 3 over their codes; two curves for two widths; nothing from elsewhere.
    expect(html.match(/<img alt="[^"]+" src="data:image\/png;base64,[^"]+">/g)).toHaveLength(93);
    expect(html.match(/<svg/g)).toHaveLength(4);
    expect(html).not.toMatch(/src="(?!data:)|<link/);
    expect(html).toContain(saved.final.negativeElbo.toFixed(1));
    expect(saved.claim.backends.map(({ backend }) => backend)).toEqual([
      "reference",
      "cpu",
      "wasm",
      "webgpu",
      "gumbel-webgpu",
      "onnx",
    ]);
    for (const { name, shown, unexplained } of saved.claim.backends) {
      expect(unexplained).toBe(0);
      expect(html).toMatch(new RegExp(`<tr><th>${name}</th><td>.*</td><td><code>${shown[0]}</code></td>`));
    }
  });

  it("writes an encoder that samples its own codes, under a key of its own", async () => {
    const session = await ort.InferenceSession.create(join(out, "encoder.onnx"));
    expect(session.inputNames).toEqual(["images", "key"]);
    const images = new ort.Tensor("float32", new Float32Array(2 * 784), [2, 784]);
    const run = async (seed: number) => {
      const drawn = new ort.Tensor("uint32", Uint32Array.from(key(seed)), [2]);
      const { logits, indices } = await session.run({ images, key: drawn });
      expect(indices.dims).toEqual([2, 20]);
      const expected = categorical(
        { data: logits.data as Float32Array, shape: logits.dims },
        { key: key(seed) },
      );
      expect(Array.from(indices.data as Int32Array)).toEqual(Array.from(expected.data));
      return indices.data;
    };
    expect(await run(1)).not.toEqual(await run(2));
    await session.release();
  });

  it("refuses a folder that it cannot make, before it trains", async () => {
    const file = join(out, "file");
    writeFileSync(file, "");
    const lines: string[] = [];
    const refused = run(parseOptions(["--out", join(file, "report")]), (line) => void lines.push(line));
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow("--out must be a folder that can be written");
    expect(lines).toEqual([]);
  });
});
