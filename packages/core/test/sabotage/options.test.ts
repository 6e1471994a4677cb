// The suite against faults in options.
import { catches } from "./catches.ts";
import { optionFaults } from "./faults/options.ts";

catches(optionFaults);
