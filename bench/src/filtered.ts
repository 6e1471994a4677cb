// Categorical samples with filters: the settings that are measured, those of llama.cpp and transformers.
import { FILTERED_OPERATIONS, type FilteredOperation, type Operation } from "./results.ts";

/** The filters of each operation: of a row without the others' categories each keeps another number. */
export const FILTERS = {
  topK: { topK: 50 },
  minP: { minP: 0.05 },
  topP: { topP: 0.9 },
  filters: { topK: 50, topP: 0.9, minP: 0.05 },
} as const satisfies Record<FilteredOperation, object>;

/** Whether an operation is a categorical sample with filters. */
export function isFiltered(operation: Operation): operation is FilteredOperation {
  return (FILTERED_OPERATIONS as readonly Operation[]).includes(operation);
}

/** Whether an operation's result is an index for each row. */
export function drawsIndices(operation: Operation): boolean {
  return operation === "categorical" || isFiltered(operation);
}
