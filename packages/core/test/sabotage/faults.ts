// Every sabotaged backend.
import { interfaceFaults } from "./faults/interface.ts";
import { noiseFaults } from "./faults/noise.ts";
import { rowFaults } from "./faults/rows.ts";
import { sampleFaults } from "./faults/samples.ts";
import type { Sabotage } from "./sabotage.ts";

export const faults: readonly Sabotage[] = [
  ...noiseFaults,
  ...sampleFaults,
  ...rowFaults,
  ...interfaceFaults,
];
