// The suite against faults in blocks and their tails.
import { catches } from "./catches.ts";
import { tailFaults } from "./faults/tails.ts";

catches(tailFaults);
