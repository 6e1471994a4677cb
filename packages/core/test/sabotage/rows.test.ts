// The suite against faults in rows.
import { catches } from "./catches.ts";
import { rowFaults } from "./faults/rows.ts";

catches(rowFaults);
