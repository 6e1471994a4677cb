// The suite against faults in names, refusals and lifetimes.
import { catches } from "./catches.ts";
import { interfaceFaults } from "./faults/interface.ts";

catches(interfaceFaults);
