// Every second fault, beginning with the first: two files, so that two processes share them.
import { catches } from "./catches.ts";
import { faults } from "./faults.ts";

catches(faults.filter((_, i) => i % 2 === 0));
