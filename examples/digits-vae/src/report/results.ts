// The results of a run, for the report and the JSON file.
import type { Claim } from "../claim.ts";
import type { RunsOfCodes } from "../compare-codes.ts";
import type { Run } from "../train-and-measure.ts";

/** The numbers of a run. Bounds are in nats an image. */
export interface Results extends Run {
  readonly backend: string;
  readonly images: { readonly train: number; readonly heldOut: number };
  /** Of a model without codes, which gives each pixel its own probability of ink. */
  readonly pixelByPixel: number;
  readonly claim: Claim;
  /** The other kinds of codes, where they were compared. */
  readonly comparison?: readonly RunsOfCodes[];
}

/** Pictures of a run: pixels in [0, 1], one image after the other. */
export interface Pictures {
  readonly originals: Float32Array;
  /** Of the originals, from one hard code each. */
  readonly reconstructions: Float32Array;
  /** Decoded from codes of the prior. */
  readonly samples: Float32Array;
}
