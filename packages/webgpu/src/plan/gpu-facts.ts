// What plans need to know of a device, as plain numbers.

/** Facts of a device. */
export interface GpuFacts {
  /** Size of every subgroup, where the device has the `subgroups` feature and knows one size only. */
  readonly subgroupSize: number | undefined;
  /** Whether subgroup operations may be used at all. */
  readonly hasSubgroups: boolean;
  /** Invocations of a workgroup. */
  readonly maxWorkgroupSize: number;
  readonly maxWorkgroupsPerDimension: number;
  readonly maxBindingBytes: number;
  readonly maxBufferBytes: number;
  readonly maxStorageBindings: number;
  /** Alignment of a binding's offset in bytes. */
  readonly offsetAlignment: number;
}

/** Reads the facts of a device. */
export function factsOf(device: GPUDevice, usesSubgroups: boolean): GpuFacts {
  const { limits, features } = device;
  const info = device.adapterInfo as Partial<GPUAdapterInfo> | undefined;
  const { subgroupMinSize, subgroupMaxSize } = info ?? {};
  const hasSubgroups = usesSubgroups && features.has("subgroups");
  const hasOneSize = hasSubgroups && subgroupMinSize === subgroupMaxSize;
  return {
    subgroupSize: hasOneSize && (subgroupMinSize ?? 0) > 1 ? subgroupMinSize : undefined,
    hasSubgroups,
    maxWorkgroupSize: Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX),
    maxWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxBindingBytes: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
    maxBufferBytes: limits.maxBufferSize,
    maxStorageBindings: limits.maxStorageBuffersPerShaderStage,
    offsetAlignment: limits.minStorageBufferOffsetAlignment,
  };
}
