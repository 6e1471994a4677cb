// What training draws as codes: soft samples, or hard ones whose gradient an estimator gives.

/** Soft samples with their own gradient, then the estimators of hard ones. */
export const CODES = ["soft", "straight-through", "reinmax", "gumbel-rao", "gapped"] as const;

/** One of {@link CODES}. */
export type Codes = (typeof CODES)[number];

/** Temperatures that training starts and ends at, unless the command line says otherwise. */
export const TEMPERATURES: Readonly<Record<Codes, { readonly from: number; readonly to: number }>> = {
  soft: { from: 0.5, to: 0.15 },
  "straight-through": { from: 0.5, to: 0.15 },
  // Liu et al. 2023 train at temperatures of 1 and above.
  reinmax: { from: 1, to: 1 },
  "gumbel-rao": { from: 0.5, to: 0.15 },
  gapped: { from: 1, to: 1 },
};
