// WebGPU's flag values. The globals that name them in browsers do not exist in Node.

/** `GPUBufferUsage` (WebGPU specification, § 5.1.2). */
export const BUFFER_USAGE = {
  MAP_READ: 0x0001,
  COPY_SRC: 0x0004,
  COPY_DST: 0x0008,
  INDIRECT: 0x100,
  UNIFORM: 0x0040,
  STORAGE: 0x0080,
} as const;

/** `GPUMapMode.READ` (WebGPU specification, § 5.1.3). */
export const MAP_MODE_READ = 0x0001;

/** `GPUShaderStage.COMPUTE` (WebGPU specification, § 8.1.1). */
export const SHADER_STAGE_COMPUTE = 0x4;
