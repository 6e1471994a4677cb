// A module as a user hands it to the command: several targets, and an export that is none.
import { type ConformanceTarget, referenceTarget } from "../../src/conformance/index.ts";
import { createFloatBackend, type Handle } from "../sabotage/float-backend.ts";

export { referenceTarget as reference };

/** Its softmax ignores the temperature. */
export const faulty: ConformanceTarget<Handle> = {
  create: () => createFloatBackend({ parts: (honest) => ({ softmax: (z) => honest.softmax(z, 1) }) }),
};

/** The same, with its failure on the list, and a case on the list that passes. */
export const listed: ConformanceTarget<Handle> = {
  ...faulty,
  knownFailures: { "samples/temperature-limits": "no temperature yet", "bits/jax": "a wrong list" },
};

/** A backend whose gradient never comes. */
export const hanging: ConformanceTarget<Handle> = {
  create: () => createFloatBackend({ sampler: () => ({ softmaxVjp: () => new Promise<never>(() => {}) }) }),
};

export const version = "1.0.0";
