// The suite against faults in refusals.
import { catches } from "./catches.ts";
import { refusalFaults } from "./faults/refusals.ts";

catches(refusalFaults);
