// What ONNX Runtime's users have without us: graphs written by hand over its random operators, and Multinomial.
import type { OrtTensor } from "@gumbel/onnx";
import type { Contestant, Entry } from "../contestant.ts";
import type { OnnxPlace } from "./gumbel-onnx.ts";
import { ofSession } from "./of-session.ts";
import {
  categoricalModel,
  gumbelModel,
  gumbelSoftmaxModel,
  multinomialModel,
  softmaxModel,
  uniformModel,
} from "./onnx-models.ts";

/** The graph written by hand, and Multinomial. */
export async function onnxByHand<T extends OrtTensor>({
  ort,
  place,
  library,
  sessionOptions,
}: OnnxPlace<T>): Promise<Contestant[]> {
  const graph = (how: string, bytes: () => Uint8Array): Entry => ofSession(ort, sessionOptions, how, bytes);
  const base = { family: "onnx", ours: false, library } as const;
  return [
    {
      ...base,
      id: `onnx-${place}-by-hand`,
      name: `graph written by hand (${library}, ${place})`,
      operations: {
        categorical: graph("ArgMax(logits − Log(−Log(Clip(RandomUniformLike))))", categoricalModel),
        gumbelSoftmax: graph("Softmax(logits − Log(−Log(Clip(RandomUniformLike))))", gumbelSoftmaxModel),
        gumbel: graph("−Log(−Log(Clip(RandomUniformLike)))", gumbelModel),
        bits: graph("RandomUniformLike", uniformModel),
        softmax: graph("Softmax", softmaxModel),
      },
    },
    {
      ...base,
      id: `onnx-${place}-multinomial`,
      name: `Multinomial (${library}, ${place})`,
      operations: { categorical: graph("Multinomial(logits)", multinomialModel) },
    },
  ];
}
