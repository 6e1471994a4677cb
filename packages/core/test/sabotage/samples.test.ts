// The suite against faults in samples.
import { catches } from "./catches.ts";
import { sampleFaults } from "./faults/samples.ts";

catches(sampleFaults);
