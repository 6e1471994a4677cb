// Logits in a GPU buffer stay on the GPU, and so do the results; a model with a sampler runs on WebGPU.
import { categorical, gumbelSoftmax, key } from "@gumbel/core";
import { isFullRun } from "@gumbel-tools/test";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";
import { expect, it } from "vitest";
import { appendSampler, createSampler } from "../../src/index.ts";
import { tinyModel, WIDTH, weights } from "../tiny-model.ts";

ort.env.wasm.wasmPaths = { mjs, wasm };
ort.env.wasm.numThreads = 1;
const executionProviders = ["webgpu"];

it("samples from a GPUBuffer into a GPUBuffer", { timeout: 120_000 }, async () => {
  const sampler = createSampler(ort, { executionProviders });
  const shape = [3, 50];
  const data = Float32Array.from({ length: 150 }, (_, i) => 3 * Math.sin(i));
  // A first call makes ONNX Runtime's device.
  const onHost = await sampler.softmax(new ort.Tensor("float32", data, shape));
  expect(onHost.location).toBe("cpu");
  const device = (await ort.env.webgpu.device) as GPUDevice;
  // STORAGE, COPY_SRC and COPY_DST of GPUBufferUsage.
  const usage = 0x80 | 0x04 | 0x08;
  const gpuBuffer = device.createBuffer({ size: 4 * 152, usage });
  device.queue.writeBuffer(gpuBuffer, 0, data);
  const logits = ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: "float32", dims: shape });
  const indices = await sampler.categorical(logits, { key: key(3) });
  const y = await sampler.gumbelSoftmax(logits, { key: key(3), temperature: 0.5 });
  for (const result of [indices, y]) expect(result.location).toBe("gpu-buffer");
  const expected = categorical({ data, shape }, { key: key(3) });
  expect(Array.from((await indices.getData()) as Int32Array)).toEqual(Array.from(expected.data));
  const soft = gumbelSoftmax({ data, shape }, { key: key(3), temperature: 0.5 });
  const got = (await y.getData()) as Float32Array;
  soft.data.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 4);
  });
  for (const result of [indices, y]) result.dispose();
  gpuBuffer.destroy();
  sampler.dispose();
});

it.each(isFullRun ? [false, true] : [true])(
  "runs an appended sampler, as a function %s",
  { timeout: 120_000 },
  async (asFunction) => {
    const data = Float32Array.from({ length: 3 * WIDTH }, (_, i) => Math.cos(i));
    const matrix = weights(7);
    const logits = Float64Array.from({ length: 21 }, (_, at) => {
      const [row, column] = [Math.floor(at / 7), at % 7];
      return [0, 1, 2, 3].reduce((sum, i) => sum + data[row * WIDTH + i] * matrix[i * 7 + column], 0);
    });
    const model = appendSampler(tinyModel(), { logits: "logits", integers: "uint64", asFunction });
    const session = await ort.InferenceSession.create(model, { executionProviders });
    for (let seed = 0; seed < 5; seed++) {
      const { indices } = await session.run({
        x: new ort.Tensor("float32", data, [3, WIDTH]),
        key: new ort.Tensor("uint32", Uint32Array.from(key(seed)), [2]),
      });
      const expected = categorical({ data: logits, shape: [3, 7] }, { key: key(seed) });
      expect(Array.from(indices.data as BigInt64Array, Number)).toEqual(Array.from(expected.data));
    }
    await session.release();
  },
);
