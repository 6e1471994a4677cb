// Graphs over ONNX Runtime sessions: logits in, one output out.
import type { OnnxRuntime, OrtTensor } from "@gumbel/onnx";
import { type Contestant, entriesOf, repeat } from "../contestant.ts";
import type { Operation } from "../results.ts";

export interface OnnxPlace<T extends OrtTensor> {
  readonly ort: OnnxRuntime<T>;
  readonly place: "node" | "wasm" | "webgpu";
  readonly library: string;
  readonly sessionOptions: object;
}

/** Entries of graphs whose inputs are `logits` and the feeds of a run. A session is created for each shape: that is not timed. */
export function ofGraphs<T extends OrtTensor>(
  { ort, sessionOptions }: OnnxPlace<T>,
  graphs: Partial<Record<Operation, readonly [how: string, model: () => Uint8Array]>>,
  feeds: (run: number) => Readonly<Record<string, T>> = () => ({}),
): Contestant["operations"] {
  const hows = Object.fromEntries(Object.entries(graphs).map(([operation, [how]]) => [operation, how]));
  return entriesOf(hows as Record<Operation, string>, async (operation, { shape, logits: data }) => {
    const session = await ort.InferenceSession.create(graphs[operation]![1](), sessionOptions);
    const logits = new ort.Tensor("float32", data, [...shape]);
    return repeat<OrtTensor>({
      run: async (run) => {
        const outputs = await session.run({ logits, ...feeds(run) });
        // The model of an appended sampler also outputs its logits.
        return (outputs.indices ?? Object.values(outputs)[0]) as OrtTensor;
      },
      read: async (tensor) => {
        const values = (await tensor.getData()) as Float32Array | BigInt64Array;
        return values instanceof BigInt64Array ? Array.from(values, Number) : values;
      },
      release: (tensor) => tensor.dispose(),
      dispose: () => session.release(),
    });
  });
}
