// Runs a decoder of a folder with ONNX Runtime alone, keeping its cache.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ort from "onnxruntime-node";

/** Where a batch of texts stands: what the model keeps of the tokens so far. */
export interface DecoderState {
  readonly cache: ort.Tensor;
}

/** A model that is loaded. */
export interface Decoder {
  readonly vocabularySize: number;
  /**
   * Reads the next tokens of a batch, of equal number in each text; those of shorter ones are padded with 0 on the left.
   *
   * @param state of the batch so far; left out at the start
   * @returns logits of every position, [batch, sequence, V], and the new state
   */
  read(
    ids: readonly (readonly number[])[],
    state?: DecoderState,
  ): Promise<{ readonly logits: Float32Array; readonly state: DecoderState }>;
  /** The state of the first tokens of a state: what was read after them is forgotten. */
  rewind(state: DecoderState, length: number): DecoderState;
  release(): Promise<void>;
}

/** Loads a folder that `buildDecoder` wrote. */
export async function createDecoder(folder: string): Promise<Decoder> {
  const { vocab_size: vocabularySize } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
  const session = await ort.InferenceSession.create(join(folder, "onnx", "model.onnx"));
  return {
    vocabularySize,
    async read(ids, state) {
      const [batch, length] = [ids.length, ids[0].length];
      const numbers = BigInt64Array.from(ids.flat(), BigInt);
      const outputs = await session.run({
        input_ids: new ort.Tensor("int64", numbers, [batch, length]),
        "past_key_values.0.key":
          state?.cache ?? new ort.Tensor("float32", new Float32Array(0), [batch, 1, 0, 1]),
      });
      return { logits: outputs.logits.data as Float32Array, state: { cache: outputs["present.0.key"] } };
    },
    rewind({ cache }, length) {
      const [batch, , past] = cache.dims;
      const data = cache.data as Float32Array;
      const rows = Array.from({ length: batch }, (_, row) => [
        ...data.subarray(row * past, row * past + length),
      ]);
      return { cache: new ort.Tensor("float32", Float32Array.from(rows.flat()), [batch, 1, length, 1]) };
    },
    release: () => session.release(),
  };
}
