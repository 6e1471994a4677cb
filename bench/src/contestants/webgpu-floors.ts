// The least that any sampler on a GPU must do: Threefry alone, without memory; reading the logits alone. And a submit of one
// empty workgroup, below which no time on this device says anything.
import { threefry2x32Wgsl } from "@gumbel/webgpu/wgsl";
import type { Contestant, Entry, Inputs, Ready } from "../contestant.ts";

/** Workgroup size, as the device's subgroups would have it. */
function lanesOf(device: GPUDevice): number {
  const size = (device.adapterInfo as GPUAdapterInfo | undefined)?.subgroupMinSize ?? 64;
  return size <= 8 ? size : 256;
}

/** The floors on a device. Invocations keep what they make in registers and write one word each. */
export function webgpuFloors(device: GPUDevice): Contestant[] {
  const lanes = lanesOf(device);
  const base = { family: "webgpu", ours: false, library: "none" } as const;
  return [
    {
      ...base,
      id: "webgpu-floor",
      name: "WGSL that does nothing else",
      operations: {
        bits: floor(
          device,
          lanes,
          "Threefry, kept in registers",
          (index) => `let block = threefry_2x32(vec2(7u, salt), vec2(0u, ${index}));
      sum ^= block.x ^ block.y;`,
        ),
        read: floor(
          device,
          lanes,
          "maximum of the logits that each invocation reads",
          (index) => `sum = max(sum, logits[min(${index}, count - 1u)]);`,
        ),
      },
    },
    {
      ...base,
      id: "webgpu-submit",
      name: "a dispatch of one empty workgroup",
      operations: {
        read: {
          how: "dispatchWorkgroups(1)",
          prepare: ({ logits }) => kernel(device, lanes, "sum = logits[0];", logits, 1),
        },
      },
    },
  ];
}

/** Elements that each invocation goes through. */
const RUN = 256;

function floor(device: GPUDevice, lanes: number, how: string, body: (index: string) => string): Entry {
  return {
    how,
    prepare({ shape: [rows, classes], logits }) {
      const loop = `for (var i = 0u; i < ${RUN}u; i++) {
      let index = (group * ${RUN}u + i) * ${lanes}u + lane;
      ${body("index")}
    }`;
      return kernel(device, lanes, loop, logits, Math.ceil((rows * classes) / (RUN * lanes)));
    },
  };
}

async function kernel(
  device: GPUDevice,
  lanes: number,
  body: string,
  values: Inputs["logits"],
  groups: number,
): Promise<Ready> {
  const code = `${threefry2x32Wgsl}
@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> output: array<u32>;
@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let group = id.x + id.y * groups.x;
  let count = ${values.length}u;
  let salt = logits[0];
  var sum = 0u;
  ${body}
  output[lane] = sum;
}`;
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const logits = device.createBuffer({ size: values.byteLength, usage: 0x80 | 0x8 });
  const output = device.createBuffer({ size: 4 * lanes, usage: 0x80 });
  device.queue.writeBuffer(logits, 0, values);
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [logits, output].map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const width = Math.min(groups, 32_768);
  return {
    queue(times) {
      const encoder = device.createCommandEncoder();
      for (let i = 0; i < times; i++) {
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(width, Math.ceil(groups / width));
        pass.end();
      }
      device.queue.submit([encoder.finish()]);
    },
    done: () => device.queue.onSubmittedWorkDone(),
    dispose() {
      logits.destroy();
      output.destroy();
    },
  };
}
