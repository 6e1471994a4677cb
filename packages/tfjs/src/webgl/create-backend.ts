// Runs the programs on TensorFlow.js's webgl backend (WebGL2). Tensors are float textures there, int32 ones too, so that
// an integer is exact to 2²⁴ only: words of bits must never be put into one.
import { UnsupportedError } from "@gumbel/core";
import { sizeOf } from "@gumbel/core/adapter";
import type { Rotation } from "@gumbel/webgpu/wgsl";
import type { GpuBackend, NoiseVariant, ProgramName, TensorInfo } from "../gpu/gpu-backend.ts";
import { PROGRAMS } from "../gpu/gpu-backend.ts";
import { UNIFORMS } from "../gpu/uniforms.ts";
import type { TfCore } from "../tensorflow.ts";
import { webglSource } from "./programs.ts";

/** What is used of TensorFlow.js's `MathBackendWebGL`. */
interface WebglBackend {
  readonly gpgpu: { readonly gl: WebGL2RenderingContext };
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
 *
 * @param rotation how words are rotated; by default what suits the device
 * @throws UnsupportedError where the device lacks WebGL2 or 32-bit float textures, which the noise needs
 */
export function createWebglBackend(tf: TfCore, rotation?: Rotation): GpuBackend {
  const backend = tf.backend() as unknown as WebglBackend;
  const lacks =
    tf.env().getNumber("WEBGL_VERSION") < 2
      ? "without WebGL2"
      : !tf.env().getBool("WEBGL_RENDER_FLOAT32_ENABLED")
        ? "without 32-bit float textures"
        : undefined;
  if (lacks !== undefined)
    throw new UnsupportedError("sampling", `the TensorFlow.js backend "webgl" ${lacks}`);
  const suited = rotation ?? (isSoftware(backend.gpgpu.gl) ? "adder" : "shift");

  return {
    run(program, variant, inputs, size, uniforms) {
      // A packed texture holds blocks of 2 by 2 of its own shape; TensorFlow.js unpacks it for a flat view.
      const flat = inputs.map(({ dataId, shape, dtype }) => ({ dataId, shape: [sizeOf(shape)], dtype }));
      const { inputs: variableNames, dtype } = PROGRAMS[program];
      const description = {
        variableNames: [...variableNames],
        outputShape: [size],
        userCode: sourceOf(program, variant, suited),
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

/** Whether a CPU stands in for the GPU. Where a browser hides the renderer's name, a GPU is assumed. */
function isSoftware(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL);
  return /swiftshader|llvmpipe|software/i.test(String(renderer));
}

function sourceOf(program: ProgramName, variant: NoiseVariant, rotation: Rotation): string {
  if (program === "bits") throw new UnsupportedError("bits", "float textures");
  const name = `${program} ${variant} ${rotation}`;
  const source = sources.get(name) ?? webglSource(program, variant, rotation);
  sources.set(name, source);
  return source;
}
