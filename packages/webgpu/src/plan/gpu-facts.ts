// What plans need to know of a device, as plain numbers.
import { isSoftwareGpu, SOFTWARE_TUNING } from "../swiftshader.ts";
import { HARDWARE_TUNING, type RowTuning } from "./row-plan.ts";

/** Facts of a device. */
export interface GpuFacts {
  /** Size of every subgroup, where subgroup operations may be used and one size is known. */
  readonly subgroupSize: number | undefined;
  /** Whether subgroup operations may be used at all. */
  readonly hasSubgroups: boolean;
  /** How rows are shared out. */
  readonly tuning: RowTuning;
  /** Invocations of a workgroup. */
  readonly maxWorkgroupSize: number;
  readonly maxWorkgroupsPerDimension: number;
  readonly maxBindingBytes: number;
  readonly maxBufferBytes: number;
  readonly maxStorageBindings: number;
  /** Alignment of a binding's offset in bytes. */
  readonly offsetAlignment: number;
}

/**
 * Reads the facts of a device.
 *
 * @param hasSubgroups whether its compiler takes subgroup operations, and they may be used
 */
export function factsOf(device: GPUDevice, hasSubgroups: boolean): GpuFacts {
  const { limits } = device;
  const info: Partial<GPUAdapterInfo> = device.adapterInfo ?? {};
  const { subgroupMinSize = 0, subgroupMaxSize } = info;
  const hasOneSize = hasSubgroups && subgroupMinSize === subgroupMaxSize && subgroupMinSize > 1;
  return {
    subgroupSize: hasOneSize ? subgroupMinSize : undefined,
    hasSubgroups,
    tuning: isSoftwareGpu(info) ? SOFTWARE_TUNING : HARDWARE_TUNING,
    maxWorkgroupSize: Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX),
    maxWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxBindingBytes: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
    maxBufferBytes: limits.maxBufferSize,
    maxStorageBindings: limits.maxStorageBuffersPerShaderStage,
    offsetAlignment: limits.minStorageBufferOffsetAlignment,
  };
}
