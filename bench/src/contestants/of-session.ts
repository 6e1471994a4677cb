// A graph over an ONNX Runtime session: logits in, one output out.
import type { OnnxRuntime, OrtTensor } from "@gumbel/onnx";
import type { Entry } from "../contestant.ts";
import { repeat } from "./repeat.ts";

/**
 * Runs a model whose input is `logits`. The session is made for each shape: that is not timed.
 *
 * @param feeds what else the model is fed in a run
 */
export function ofSession<T extends OrtTensor>(
  ort: OnnxRuntime<T>,
  sessionOptions: object,
  how: string,
  bytes: () => Uint8Array,
  feeds: (run: number) => Readonly<Record<string, T>> = () => ({}),
): Entry {
  return {
    how,
    async prepare({ shape, logits: data }) {
      const session = await ort.InferenceSession.create(bytes(), sessionOptions);
      const logits = new ort.Tensor("float32", data, [...shape]);
      return repeat<OrtTensor>({
        run: async (run) => {
          const outputs = await session.run({ logits, ...feeds(run) });
          // An appended sampler's model gives its logits too.
          return (outputs.indices ?? Object.values(outputs)[0]) as OrtTensor;
        },
        read: async (tensor) => {
          const values = (await tensor.getData()) as Float32Array | BigInt64Array;
          return values instanceof BigInt64Array ? Array.from(values, Number) : values;
        },
        release: (tensor) => tensor.dispose(),
        dispose: () => session.release(),
      });
    },
  };
}
