// The suite against faults of a sampler that remembers.
import { catches } from "./catches.ts";
import { historyFaults } from "./faults/history.ts";

catches(historyFaults);
