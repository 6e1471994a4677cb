// The suite against faults in state.
import { catches } from "./catches.ts";
import { stateFaults } from "./faults/state.ts";

catches(stateFaults);
