// Sizes of the quality measurements: those of language models.

/** Qwen 2.5's vocabulary. */
export const VOCABULARY = 151_936;
/** DeepSeek V3's vocabulary, with which vLLM's maintainers tested their noise. */
export const TAIL_VOCABULARY = 129_280;
/** How far below the likely category all others lie. */
export const GAPS: readonly number[] = [18, 20];
/** Draws that vLLM's test makes. */
export const EXPECTED_DRAWS = 100_000;

/** Probability of all categories but the likely one. */
export function rareMass(gap: number): number {
  const others = (TAIL_VOCABULARY - 1) * Math.exp(-gap);
  return others / (1 + others);
}
