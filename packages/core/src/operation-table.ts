// The operations by name, derived from operations/index.ts, and the types that belong to a name.
import type { Operation, OperationTypes } from "./operation.ts";
import { ENTRIES, type Entry } from "./operations/index.ts";

type TypesOfEntry<E> = E extends Operation<infer X extends OperationTypes> ? X : never;

/** Name of an operation of the sampling spec. */
export type OperationName = TypesOfEntry<Entry>["name"];

/** The types of an operation, by its name. */
export type TypesOf<O extends OperationName> = Extract<TypesOfEntry<Entry>, { name: O }>;

/** The operations by name. */
export const operations: Readonly<Record<OperationName, Operation>> = /* @__PURE__ */ tableOf();

/** Names of all operations. */
export const OPERATION_NAMES: readonly OperationName[] = /* @__PURE__ */ namesOf();

function tableOf(): Readonly<Record<OperationName, Operation>> {
  return Object.fromEntries(ENTRIES.map((entry) => [entry.name, entry])) as never;
}

function namesOf(): OperationName[] {
  return ENTRIES.map(({ name }) => name as OperationName);
}
