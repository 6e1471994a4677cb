// The results of a run, for the report and the JSON file.
import type { Claim } from "../claim.ts";
import type { Bound, Epoch, TrainingConfig } from "../train.ts";

/** The numbers of a run. Bounds are in nats an image. */
export interface Results {
  readonly config: TrainingConfig;
  readonly backend: string;
  readonly images: { readonly train: number; readonly heldOut: number };
  readonly epochs: readonly Epoch[];
  /** Of the held-out images with hard codes, averaged over `samples` codes of each. */
  readonly final: Bound & { readonly samples: number };
  /** Seconds of training and measuring. */
  readonly seconds: number;
  readonly claim: Claim;
}

/** Pictures of a run: pixels in [0, 1], one image after the other. */
export interface Pictures {
  readonly originals: Float32Array;
  /** Of the originals, from one hard code each. */
  readonly reconstructions: Float32Array;
  /** Decoded from codes of the prior. */
  readonly samples: Float32Array;
}
