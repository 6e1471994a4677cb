// Logits and histories of tests, drawn by property tests or from a key.
import { bits, type Key } from "@gumbel/core";
import fc from "fast-check";
import type { TokenSamplerOptions } from "../src/index.ts";

/** Options that change logits. */
export type Penalties = Pick<
  TokenSamplerOptions,
  "repetitionPenalty" | "frequencyPenalty" | "presencePenalty" | "penaltyWindow"
> & { readonly logitBias?: ReadonlyMap<number, number> | undefined };

/** Temperature and filters. */
export type Filters = Pick<
  TokenSamplerOptions,
  | "temperature"
  | "topK"
  | "topP"
  | "minP"
  | "typicalP"
  | "epsilonCutoff"
  | "etaCutoff"
  | "topNSigma"
  | "order"
>;

/** Rows of logits that have a distribution, −∞ among them. */
export function arbitraryRows(rows: number, vocabulary: number): fc.Arbitrary<Float32Array> {
  const logit = fc.oneof(
    { weight: 9, arbitrary: fc.float({ min: -20, max: 20, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(Number.NEGATIVE_INFINITY) },
  );
  return fc.array(logit, { minLength: rows * vocabulary, maxLength: rows * vocabulary }).map((values) => {
    // No −0, which a bias of 0 would change to 0.
    const logits = Float32Array.from(values, (value) => value + 0);
    for (let r = 0; r < rows; r++) logits[r * vocabulary + (r % vocabulary)] = 1;
    return logits;
  });
}

/** Token ids below the vocabulary. */
export function arbitraryTokens(vocabulary: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: vocabulary - 1 }), { maxLength: 12 });
}

/** A key. */
export function arbitraryKey(): fc.Arbitrary<Key> {
  return fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
}

/** Any bias and penalties. */
export function arbitraryPenalties(vocabulary: number): fc.Arbitrary<Penalties> {
  const signed = fc.double({ min: -2, max: 2, noNaN: true });
  const bias = fc.oneof(signed, fc.constant(Number.NEGATIVE_INFINITY));
  return fc.record({
    repetitionPenalty: fc.option(fc.double({ min: 0.5, max: 2, noNaN: true }), { nil: undefined }),
    frequencyPenalty: fc.option(signed, { nil: undefined }),
    presencePenalty: fc.option(signed, { nil: undefined }),
    penaltyWindow: fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined }),
    logitBias: fc.option(
      fc
        .array(fc.tuple(fc.integer({ min: 1, max: vocabulary - 1 }), bias), { maxLength: 3 })
        .map((entries) => new Map(entries)),
      { nil: undefined },
    ),
  });
}

/** Any filters, each off in most cases. */
export function arbitraryFilters(): fc.Arbitrary<Filters> {
  const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.record({
    temperature: fc.option(fc.constantFrom(0, 0.3, 1, 2.5), { nil: undefined }),
    topK: rarely(fc.integer({ min: 0, max: 9 })),
    topP: rarely(share),
    minP: rarely(share),
    typicalP: rarely(share),
    epsilonCutoff: rarely(share),
    etaCutoff: rarely(share),
    topNSigma: rarely(fc.double({ min: 0, max: 3, noNaN: true })),
    order: rarely(fc.constantFrom("temperature-first" as const, "temperature-last" as const)),
  });
}

/** Uniform numbers in [0, 1) under a key. */
export function uniforms(key: Key, count: number): Float64Array {
  return Float64Array.from(bits([count], { key }).data, (word) => word * 2 ** -32);
}
