// Texts of the kernels that the planner makes, over what devices, operations, shapes and options can vary.
import { type OperationName, operations } from "@gumbel/core/adapter";
import { kernels } from "../src/kernels/index.ts";
import type { MemoryLayout } from "../src/plan/bindings.ts";
import type { GpuFacts } from "../src/plan/gpu-facts.ts";
import { type Plan, programOf } from "../src/plan/planner.ts";
import { HARDWARE_TUNING } from "../src/plan/row-plan.ts";
import { SOFTWARE_TUNING, tuneForSwiftShader } from "../src/swiftshader.ts";

/** WebGPU's default limits, without subgroups. */
export const DEFAULT_FACTS: GpuFacts = {
  subgroupSize: undefined,
  hasSubgroups: false,
  tuning: HARDWARE_TUNING,
  maxWorkgroupSize: 256,
  maxWorkgroupsPerDimension: 65_535,
  maxBindingBytes: 2 ** 27,
  maxBufferBytes: 2 ** 28,
  maxStorageBindings: 8,
  offsetAlignment: 256,
};

const SHAPES: readonly (readonly number[])[] = [
  [9, 5],
  [3, 200],
  [2, 1000],
  [1, 9000],
  [2, 600, 3],
  [5, 1],
  [0, 4],
];
const AXES = [-1, 0];
const SHARED: readonly object[] = [{}, { temperature: 0.25 }, { temperature: 0.75 }];
/** Options that depend on how many rows and categories there are. */
type OptionsOf = (rows: number, categories: number) => object;

const mask: OptionsOf = (_, categories) => ({ mask: new Uint32Array(Math.ceil(categories / 32)) });
const keys: OptionsOf = (rows) => ({ key: Array.from({ length: rows }, (_, i) => [0, i]) });
const FILTERED: readonly (object | OptionsOf)[] = [
  { topK: 3 },
  { topP: 0.9 },
  { minP: 0.1, temperature: 0.5 },
  mask,
  (...sizes) => ({ ...mask(...sizes), topK: 50, topP: 0.9, minP: 0.1 }),
];

const OPTIONS: { readonly [O in OperationName]?: readonly (object | OptionsOf)[] } = {
  bits: [{}],
  gumbel: [{}, { precision: "jax" }],
  softmax: [...SHARED, { hard: true }],
  softmaxVjp: SHARED,
  gumbelSoftmax: [...SHARED, { hard: true }, { precision: "jax" }, { precision: "jax", hard: true }],
  gumbelSoftmaxVjp: [...SHARED, { precision: "jax" }, { sampleShape: [3] }],
  categorical: [{}, { temperature: 0 }, { precision: "jax" }, { sampleShape: [2] }, keys, ...FILTERED],
  gumbelTopK: [{}, { precision: "jax" }],
  logProb: [{}, ...FILTERED],
  conditionalGumbel: [...SHARED, { precision: "jax" }, { sampleShape: [2] }],
};

/** Texts by kernel name; a text that is tuned for SwiftShader has a name of its own. */
export function kernelTexts(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const devices: readonly GpuFacts[] = [
    DEFAULT_FACTS,
    { ...DEFAULT_FACTS, maxWorkgroupSize: 128 },
    // Bindings so small that tensors take several.
    { ...DEFAULT_FACTS, maxBindingBytes: 16_384, maxStorageBindings: 64 },
    { ...DEFAULT_FACTS, tuning: SOFTWARE_TUNING },
  ];
  for (const facts of devices) {
    for (const name of Object.keys(kernels) as OperationName[]) {
      for (const shape of SHAPES) for (const axis of AXES) addTexts(texts, facts, name, shape, axis);
    }
  }
  return texts;
}

function addTexts(
  texts: Map<string, string>,
  facts: GpuFacts,
  name: OperationName,
  shape: readonly number[],
  axis: number,
): void {
  const operation = operations[name];
  const hasAxis = "axis" in operation.options;
  for (const options of OPTIONS[name] ?? SHARED) {
    const categories = shape.at(axis)!;
    for (const k of name === "gumbelTopK" ? [1, 2, 256, categories].filter((k) => k <= categories) : [0]) {
      const rows = shape.reduce((product, length) => product * length, 1) / categories;
      const given = {
        ...("key" in operation.options ? { key: [0, 1] } : {}),
        ...(typeof options === "function" ? options(rows, categories) : options),
        ...(hasAxis ? { axis } : {}),
      };
      let call: object;
      try {
        call = operation.resolve({ shape, k } as never, given as never);
      } catch {
        // Shapes without a category.
        continue;
      }
      const sizes = [...Object.entries(operation.inputs), ...Object.entries(operation.outputs)].map(
        ([tensor, { shape }]) =>
          [tensor, shape(call).reduce((product, length) => product * length, 1)] as const,
      );
      if (sizes.some(([, elements]) => elements === 0)) continue;
      for (const format of ["word", "float16"] as const) {
        const layouts = sizes.map(([tensor, elements]): [string, MemoryLayout] => [
          tensor,
          {
            offset: 0,
            elements,
            format: tensor in operation.inputs && tensor !== "indices" ? format : "word",
          },
        ]);
        const plan = (kernels[name] as (call: object) => Plan)(call);
        for (const { kernel } of programOf(plan, facts, Object.fromEntries(layouts)).steps) {
          if (facts.tuning !== SOFTWARE_TUNING) texts.set(kernel.name, kernel.code());
          else texts.set(`${kernel.name} for SwiftShader`, tuneForSwiftShader(kernel.code()));
        }
      }
    }
  }
}
