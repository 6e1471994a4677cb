// The least that any sampler on a GPU must do: Threefry without memory, and reading the logits. And a submit of one empty
// workgroup: shorter times mean nothing on this device.
import { threefry2x32Wgsl } from "@gumbel/webgpu/wgsl";
import { type Contestant, entriesOf } from "../contestant.ts";

/** Elements that each invocation loops over. */
const PER_INVOCATION = 256;
const MAX_WORKGROUPS = 32_768;

const STATEMENTS = {
  bits: `let block = threefry_2x32(vec2(7u, salt), vec2(0u, index));
    sum ^= block.x ^ block.y;`,
  read: "sum = max(sum, logits[min(index, count - 1u)]);",
};

/** The floors on a device. Invocations keep their values in registers and write one word each. */
export function webgpuFloors(device: GPUDevice): Contestant[] {
  const subgroup = (device.adapterInfo as GPUAdapterInfo | undefined)?.subgroupMinSize ?? 64;
  const lanes = subgroup <= 8 ? subgroup : 256;
  const loop = (statement: string) => `for (var i = 0u; i < ${PER_INVOCATION}u; i++) {
    let index = (group * ${PER_INVOCATION}u + i) * ${lanes}u + lane;
    ${statement}
  }`;
  const wgsl = (count: number, body: string) => `${threefry2x32Wgsl}
@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> output: array<u32>;
@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let group = id.x + id.y * groups.x;
  let count = ${count}u;
  let salt = logits[0];
  var sum = 0u;
  ${body}
  output[lane] = sum;
}`;
  /** Kernels of which each is dispatched for every `perGroup` elements. */
  const entries = (hows: Record<"read", string>, body: (of: "bits" | "read") => string, perGroup: number) =>
    entriesOf(hows, async (of, { logits: values }) => {
      const module = device.createShaderModule({ code: wgsl(values.length, body(of)) });
      const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
      const logits = device.createBuffer({ size: values.byteLength, usage: 0x80 | 0x8 });
      const output = device.createBuffer({ size: 4 * lanes, usage: 0x80 });
      device.queue.writeBuffer(logits, 0, values);
      const bindings = device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [logits, output].map((buffer, binding) => ({ binding, resource: { buffer } })),
      });
      const groups = Math.max(1, Math.ceil(values.length / perGroup));
      const width = Math.min(groups, MAX_WORKGROUPS);
      return {
        queue(times) {
          const encoder = device.createCommandEncoder();
          for (let i = 0; i < times; i++) {
            const pass = encoder.beginComputePass();
            pass.setPipeline(pipeline);
            pass.setBindGroup(0, bindings);
            pass.dispatchWorkgroups(width, Math.ceil(groups / width));
            pass.end();
          }
          device.queue.submit([encoder.finish()]);
        },
        done: () => device.queue.onSubmittedWorkDone(),
        dispose: () => [logits, output].forEach((buffer) => void buffer.destroy()),
      };
    });
  const base = { family: "webgpu", library: "none" } as const;
  const hows = {
    bits: "Threefry, kept in registers",
    read: "maximum of the logits that each invocation reads",
  };
  const floors = entries(hows, (of) => loop(STATEMENTS[of]), PER_INVOCATION * lanes);
  const submit = entries(
    { read: "dispatchWorkgroups(1)" },
    () => "sum = logits[0];",
    Number.POSITIVE_INFINITY,
  );
  return [
    { ...base, id: "webgpu-floor", name: "WGSL that does nothing else", operations: floors },
    { ...base, id: "webgpu-submit", name: "a dispatch of one empty workgroup", operations: submit },
  ];
}
