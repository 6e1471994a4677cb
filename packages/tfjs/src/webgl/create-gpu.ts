// Runs the programs on TensorFlow.js's webgl backend (WebGL2). Tensors are float textures there, int32 ones too, so that
// an integer is exact to 2²⁴ only: words of bits must never be put into one.
import { UnsupportedError } from "@gumbel/core";
import { sizeOf } from "@gumbel/core/adapter";
import type { Gpu, TensorInfo } from "../gpu/gpu.ts";
import { glslTuningOf, type Tuning } from "../gpu/swiftshader.ts";
import { UNIFORMS } from "../gpu/uniforms.ts";
import type { TfCore } from "../tensorflow.ts";

/** What is used of TensorFlow.js's `MathBackendWebGL`. */
interface WebglBackend {
  readonly gpgpu: { readonly gl: WebGL2RenderingContext };
  readonly texData: { get(dataId: object): { readonly isPacked?: boolean } };
  getDataInfo(dataId: object): { shape: number[] };
  unpackTensor(info: TensorInfo): TensorInfo;
  runWebGLProgram(
    program: object,
    inputs: readonly TensorInfo[],
    dtype: string,
    uniforms: readonly (readonly number[])[],
  ): TensorInfo;
  disposeIntermediateTensorInfo(info: TensorInfo): void;
}

/** Declarations of the uniforms, and where each value goes. */
const CUSTOM_UNIFORMS = UNIFORMS.map(([name, type]) => ({ name, type }));

/**
 * Creates the GPU of the webgl backend that is current.
 *
 * @param tuning of the shaders; by default what suits the device
 * @throws UnsupportedError where the device lacks WebGL2 or 32-bit float textures, which the noise needs
 */
export function createWebglGpu(tf: TfCore, tuning?: Tuning): Gpu {
  const backend = tf.backend() as unknown as WebglBackend;
  const lacks =
    tf.env().getNumber("WEBGL_VERSION") < 2
      ? "without WebGL2"
      : !tf.env().getBool("WEBGL_RENDER_FLOAT32_ENABLED")
        ? "without 32-bit float textures"
        : undefined;
  if (lacks !== undefined)
    throw new UnsupportedError("sampling", `the TensorFlow.js backend "webgl" ${lacks}`);
  const tune = tuning ?? glslTuningOf(backend.gpgpu.gl);
  // Long strings that never change: TensorFlow.js uses them as keys of its cache of compiled programs.
  const sources = new Map<string, string>();

  return {
    run(program, noise, inputs, size, uniforms) {
      const flat = inputs.map(({ dataId, shape, dtype }) => ({ dataId, shape: [sizeOf(shape)], dtype }));
      const key = `${program.name} ${noise}`;
      let userCode = sources.get(key);
      if (userCode === undefined) {
        userCode = tune(
          `${program.glsl(noise)}\nvoid main() { setOutput(float(element(getOutputCoords()))); }\n`,
        );
        sources.set(key, userCode);
      }
      const description = {
        variableNames: [...program.inputs],
        outputShape: [size],
        userCode,
        enableShapeUniforms: true,
        customUniforms: CUSTOM_UNIFORMS,
      };
      // Words above 2^31 go to the same bits of a signed uniform.
      const values = UNIFORMS.map(([name, type]) => {
        const value = uniforms[name] ?? 0;
        return [type === "int" ? value | 0 : value];
      });
      return backend.runWebGLProgram(description, flat, program.dtype, values);
    },
    unpack: (info) => (backend.texData.get(info.dataId).isPacked ? backend.unpackTensor(info) : info),
    reshape(info, shape) {
      backend.getDataInfo(info.dataId).shape = [...shape];
      return { ...info, shape: [...shape] };
    },
    dispose: (info) => backend.disposeIntermediateTensorInfo(info),
  };
}
