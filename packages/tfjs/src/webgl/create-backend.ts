// Runs the programs on TensorFlow.js's webgl backend (WebGL2). Tensors are float textures there, int32 ones too, so that
// an integer is exact to 2²⁴ only: words of bits must never be put into one.
import { UnsupportedError } from "@gumbel/core";
import { sizeOf } from "@gumbel/core/adapter";
import type { GpuBackend, NoiseVariant, ProgramName, TensorInfo } from "../gpu/gpu-backend.ts";
import { PROGRAMS } from "../gpu/gpu-backend.ts";
import { UNIFORMS } from "../gpu/uniforms.ts";
import type { TfCore } from "../tensorflow.ts";
import { webglSource } from "./programs.ts";

/** What is used of TensorFlow.js's `MathBackendWebGL`. */
interface WebglBackend {
  getDataInfo(dataId: object): { shape: number[] };
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

/** Sources are long strings that never change: TensorFlow.js uses them as keys of its cache of compiled programs. */
const sources = new Map<string, string>();

/**
 * Creates the runner over the webgl backend that is current.
 * @throws UnsupportedError where the device lacks WebGL2 or 32-bit float textures, which the noise needs
 */
export function createWebglBackend(tf: TfCore): GpuBackend {
  const backend = tf.backend() as unknown as WebglBackend;
  const lacks =
    tf.env().getNumber("WEBGL_VERSION") < 2
      ? "without WebGL2"
      : !tf.env().getBool("WEBGL_RENDER_FLOAT32_ENABLED")
        ? "without 32-bit float textures"
        : undefined;
  if (lacks !== undefined)
    throw new UnsupportedError("sampling", `the TensorFlow.js backend "webgl" ${lacks}`);

  return {
    run(program, variant, inputs, size, uniforms) {
      // A packed texture holds blocks of 2 by 2 of its own shape; TensorFlow.js unpacks it for a flat view.
      const flat = inputs.map(({ dataId, shape, dtype }) => ({ dataId, shape: [sizeOf(shape)], dtype }));
      const { inputs: variableNames, dtype } = PROGRAMS[program];
      const description = {
        variableNames: [...variableNames],
        outputShape: [size],
        userCode: sourceOf(program, variant),
        enableShapeUniforms: true,
        customUniforms: CUSTOM_UNIFORMS,
      };
      // Words above 2^31 go to the same bits of a signed uniform.
      const values = UNIFORMS.map(([name, type]) => {
        const value = uniforms[name] ?? 0;
        return [type === "int" ? value | 0 : value];
      });
      return backend.runWebGLProgram(description, flat, dtype, values);
    },
    reshape(info, shape) {
      backend.getDataInfo(info.dataId).shape = [...shape];
      return { ...info, shape: [...shape] };
    },
    dispose: (info) => backend.disposeIntermediateTensorInfo(info),
  };
}

function sourceOf(program: ProgramName, variant: NoiseVariant): string {
  if (program === "bits") throw new UnsupportedError("bits", "float textures");
  const name = `${program} ${variant}`;
  const source = sources.get(name) ?? webglSource(program, variant);
  sources.set(name, source);
  return source;
}
