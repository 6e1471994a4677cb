// Every sabotaged backend.
import { historyFaults } from "./faults/history.ts";
import { interfaceFaults } from "./faults/interface.ts";
import { noiseFaults } from "./faults/noise.ts";
import { optionFaults } from "./faults/options.ts";
import { refusalFaults } from "./faults/refusals.ts";
import { rowFaults } from "./faults/rows.ts";
import { sampleFaults } from "./faults/samples.ts";
import { stateFaults } from "./faults/state.ts";
import { tailFaults } from "./faults/tails.ts";
import type { Sabotage } from "./sabotage.ts";

export const faults: readonly Sabotage[] = [
  ...noiseFaults,
  ...sampleFaults,
  ...rowFaults,
  ...interfaceFaults,
  ...tailFaults,
  ...optionFaults,
  ...stateFaults,
  ...refusalFaults,
  ...historyFaults,
];
