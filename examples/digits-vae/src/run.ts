// The whole job: data, training with progress, measuring, comparing backends, report.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { foldIn, key } from "@gumbel/core";
import { createSampler } from "@gumbel/tfjs";
import * as tf from "@tensorflow/tfjs";
import { compareBackends, formatClaim, runEncoder } from "./claim.ts";
import { compareCodes } from "./compare-codes.ts";
import { configOf } from "./config-of.ts";
import { type Digits, loadDigits, PIXELS } from "./data.ts";
import { pixelByPixel } from "./elbo.ts";
import { exportEncoder } from "./export-encoder.ts";
import type { Model } from "./model.ts";
import { type Options, UsageError } from "./options.ts";
import { drawPictures } from "./pictures.ts";
import { reportHtml } from "./report/html.ts";
import type { Results } from "./report/results.ts";
import { startBackend } from "./start-backend.ts";
import type { Epoch, TrainingConfig } from "./train.ts";
import { trainAndMeasure } from "./train-and-measure.ts";

/** The split is the same for every seed, so that runs can be compared. */
const SPLIT_SEED = 0;
const HELD_OUT = 1000;

/** Images of each kind in the report. */
const SHOWN = 30;

/** Numbers of the keys that are derived from the seed after training and measuring, which use lower ones. */
const KEY_OF = { pictures: 101, claim: 102 } as const;

/** Runs the job. Resolves to the numbers that it also wrote. */
export async function run(options: Options, log: (line: string) => void): Promise<Results> {
  const { backend, out } = options;
  createFolder(out);
  await startBackend(backend);
  const digits = loadDigits(key(SPLIT_SEED), HELD_OUT);
  const config = configOf(options, options.codes, options.seed);
  log(describeRun(config, backend, digits));
  const sampler = createSampler(tf);
  const trainOne = (one: TrainingConfig) =>
    trainAndMeasure(one, digits, sampler, (epoch) => log(formatEpoch(epoch, one.epochs)));
  const { model, run: own } = trainOne(config);
  const comparison = options.compare ? compareCodes(options, own, trainOne, log) : undefined;
  const pictures = drawPictures(
    model,
    digits.heldOut,
    sampler,
    foldIn(key(config.seed), KEY_OF.pictures),
    SHOWN,
  );
  const logits = posteriorLogits(model, digits);
  const encoder = exportEncoder(model);
  model.dispose();
  const claimKey = foldIn(key(config.seed), KEY_OF.claim);
  const compared = await compareBackends(logits, claimKey, sampler);
  const images = { data: digits.heldOut.pixels, shape: [digits.heldOut.count, PIXELS] };
  const onnx = await runEncoder(encoder, images, claimKey);
  const claim = { ...compared, backends: [...compared.backends, onnx] };
  const results: Results = {
    ...own,
    backend,
    images: { train: digits.train.count, heldOut: digits.heldOut.count },
    pixelByPixel: pixelByPixel(digits),
    claim,
    ...(comparison === undefined ? {} : { comparison }),
  };
  writeFileSync(join(out, "report.html"), reportHtml(results, pictures));
  writeFileSync(join(out, "report.json"), `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(join(out, "encoder.onnx"), encoder);
  log(
    `\nHeld-out negative ELBO with hard codes: ${own.final.negativeElbo.toFixed(2)} nats after ${own.seconds.toFixed(0)} s`,
  );
  log(`\n${formatClaim(claim)}`);
  log(
    `\nLook at ${join(out, "report.html")}; the numbers are in ${join(out, "report.json")}, and the encoder with its sampler in ${join(out, "encoder.onnx")}`,
  );
  return results;
}

/** Runs before training, so that a wrong folder is reported at once. */
function createFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw new UsageError(
      `--out must be a folder that can be written, got ${JSON.stringify(out)}: ${(error as Error).message}`,
    );
  }
}

function posteriorLogits(model: Model, { heldOut }: Digits): { data: Float32Array; shape: number[] } {
  return tf.tidy(() => {
    const logits = model.encode(tf.tensor2d(heldOut.pixels, [heldOut.count, PIXELS]));
    return { data: logits.dataSync<"float32">(), shape: logits.shape };
  });
}

function describeRun(
  { variables, categories, hidden, codes, seed }: TrainingConfig,
  backend: string,
  digits: Digits,
): string {
  return [
    `Training on ${digits.train.count} digits, ${digits.heldOut.count} held out: ${variables} variables of ${categories} categories,`,
    `hidden layers ${hidden.join("-")}, ${codes} codes, seed ${seed}, TensorFlow.js ${tf.version.tfjs} on ${backend}`,
    "Negative bounds in nats an image, of training and of held-out digits with hard codes; the loss is what was optimised:",
  ].join("\n");
}

function formatEpoch(
  { epoch, trainLoss, training, heldOut, temperature, seconds }: Epoch,
  epochs: number,
): string {
  return [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${trainLoss.toFixed(2)}`,
    `training ${training.negativeElbo.toFixed(2)}`,
    `held out ${heldOut.negativeElbo.toFixed(2)} (pixels ${heldOut.reconstruction.toFixed(2)} + code ${heldOut.kl.toFixed(2)})`,
    `temperature ${temperature.toFixed(2)}`,
    `${seconds.toFixed(1)} s`,
  ].join("  ");
}
