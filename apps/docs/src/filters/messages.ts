// Messages between the filters page and its worker, which answers each request once, in order.
import type { Explanation } from "./explain-filters.ts";
import type { FilterSettings } from "./filter-settings.ts";

/** Requests an explanation of the filters, and draws. */
export interface FilterRequest {
  readonly logits: readonly number[];
  readonly settings: FilterSettings;
  /** The key is `key(seed)`. */
  readonly seed: number;
  /** How many draws to count. */
  readonly draws: number;
}

/** What the filters do, and what the key draws. */
export interface FilterAnswer extends Explanation {
  readonly logits: readonly number[];
  readonly settings: FilterSettings;
  readonly seed: number;
  readonly draws: number;
  /** The draw of the key. */
  readonly token: number;
  /** The draw of the key without filters. */
  readonly unfiltered: number;
  /** How often each category was drawn. */
  readonly counts: Int32Array;
}

/** Messages of the worker. */
export type FilterEvent = { readonly answer: FilterAnswer } | { readonly error: string };
