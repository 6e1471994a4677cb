// The page: throws dice with the WebAssembly sampler, and paints what the worker draws while it trains.
import { createSampler, foldIn, key } from "@gumbel/wasm";
import { palette, picture } from "./palette.js";

const sampler = await createSampler();
// Logits are the logarithms of probabilities.
const logits = Float32Array.from([1, 1, 1, 1, 1, 3], (weight) => Math.log(weight / 8));
let draw = 0;

function throwDice() {
  const { data } = sampler.categorical(logits, { key: foldIn(key(42), draw++), sampleShape: [600] });
  const counts = Array.from(logits, (_, face) => data.filter((index) => index === face).length);
  document.querySelector("#throws").innerHTML = counts
    .map((count, face) => `<div>${face + 1} <meter max="600" value="${count}"></meter> ${count}</div>`)
    .join("");
}
document.querySelector("#throw").addEventListener("click", throwDice);
throwDice();

const canvas = document.querySelector("#picture").getContext("2d");
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.addEventListener("message", ({ data: { step, colours } }) => {
  const pixels = Uint8ClampedArray.from(colours.flatMap((colour) => [...palette[colour], 255]));
  canvas.putImageData(new ImageData(pixels, 12), 0, 0);
  const right = colours.filter((colour, pixel) => colour === picture[pixel]).length;
  document.querySelector("#status").textContent =
    `Step ${step}: ${right} of ${picture.length} pixels are right`;
});
