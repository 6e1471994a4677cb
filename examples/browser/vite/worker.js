// Trains in a worker, with TensorFlow.js on its cpu backend. What is imported by name is all that the bundle holds.
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { createSampler, foldIn, key } from "@gumbel/tfjs/core";
import {
  argMax,
  gather,
  keep,
  matMul,
  squaredDifference,
  sum,
  tensor1d,
  tensor2d,
  train,
  variable,
  zeros,
} from "@tensorflow/tfjs-core";
import { palette, picture } from "./palette.js";

const sampler = createSampler();
const colours = tensor2d(palette.map((rgb) => rgb.map((value) => value / 255)));
const target = gather(colours, tensor1d(picture, "int32"));
const logits = variable(zeros([picture.length, palette.length]));
const optimizer = train.adam(0.2);

for (let step = 1; step <= 120; step++) {
  let drawn;
  optimizer.minimize(() => {
    // The value is one colour for each pixel; the gradient is that of the soft sample, which nears it as the temperature falls.
    const temperature = Math.max(0.5, Math.exp(-0.01 * step));
    const y = sampler.gumbelSoftmax(logits, { key: foldIn(key(7), step), temperature, hard: true });
    drawn = keep(argMax(y, -1));
    return sum(squaredDifference(matMul(y, colours), target));
  });
  postMessage({ step, colours: Array.from(drawn.dataSync()) });
  drawn.dispose();
  await new Promise((resolve) => setTimeout(resolve, 16));
}
