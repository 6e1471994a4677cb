// The suite against faults in the noise.
import { catches } from "./catches.ts";
import { noiseFaults } from "./faults/noise.ts";

catches(noiseFaults);
