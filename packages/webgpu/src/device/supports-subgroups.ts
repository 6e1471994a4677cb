// Whether subgroup operations may be used.

const PROBE = "enable subgroups;\n@compute @workgroup_size(1) fn main() { }\n";

/**
 * Whether a device has the `subgroups` feature and its compiler takes the directive: naga, the compiler of Firefox and
 * Deno, refuses it although wgpu has the feature.
 */
export async function supportsSubgroups(device: GPUDevice): Promise<boolean> {
  if (!device.features.has("subgroups")) return false;
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: "gumbel subgroups", code: PROBE });
  const [refused, { messages }] = await Promise.all([device.popErrorScope(), module.getCompilationInfo()]);
  return refused === null && messages.every(({ type }) => type !== "error");
}
