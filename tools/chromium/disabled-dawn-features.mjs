// What Dawn does without in the tests, because SwiftShader is slow at it.

/**
 * Dawn zeroes workgroup memory by a loop instead of Vulkan's extension, for which SwiftShader unrolls a store for each word: a kernel
 * with 12 KiB of it takes 0.2 s to compile in place of 2.5.
 * @type {typeof import("./index.d.mts").disabledDawnFeatures}
 */
export const disabledDawnFeatures = "use_vulkan_zero_initialize_workgroup_memory_extension";
