// The suite's table of contents.
import type { ConformanceCase } from "./case.ts";
import { agreementCases } from "./cases/agreement.ts";
import { argumentCases } from "./cases/arguments.ts";
import { bernoulliCases } from "./cases/bernoulli.ts";
import { bitCases } from "./cases/bits.ts";
import { conditionalCases } from "./cases/conditional.ts";
import { densityCases } from "./cases/densities.ts";
import { estimatorCases } from "./cases/estimators.ts";
import { filterCases } from "./cases/filters.ts";
import { gradientCases } from "./cases/gradients.ts";
import { historyCases } from "./cases/history.ts";
import { keyCases } from "./cases/keys.ts";
import { lifetimeCases } from "./cases/lifetime.ts";
import { logitsCases } from "./cases/logits.ts";
import { noiseCases } from "./cases/noise.ts";
import { programCases } from "./cases/programs.ts";
import { regimeCases } from "./cases/regimes.ts";
import { rowCases } from "./cases/rows.ts";
import { sampleCases } from "./cases/samples.ts";
import { shardCases } from "./cases/shards.ts";
import { sampleSizeCases, sizeCases } from "./cases/sizes.ts";
import { statisticalCases } from "./cases/statistics.ts";
import { tailCases } from "./cases/tails.ts";

/** Every case of the suite, in the order in which things are made of each other: what fails first is what is wrong. */
export const CASES: readonly ConformanceCase[] = [
  ...bitCases,
  ...noiseCases,
  ...agreementCases,
  ...sampleCases,
  ...keyCases,
  ...shardCases,
  ...gradientCases,
  ...estimatorCases,
  ...densityCases,
  ...bernoulliCases,
  ...logitsCases,
  ...filterCases,
  ...rowCases,
  ...conditionalCases,
  ...tailCases,
  ...argumentCases,
  ...lifetimeCases,
  ...historyCases,
  ...programCases,
  ...statisticalCases,
  ...sizeCases,
  ...sampleSizeCases,
  ...regimeCases,
];
