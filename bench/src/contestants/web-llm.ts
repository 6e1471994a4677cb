// web-llm's sampler: functions of a compiled model's library (sample_with_top_p, argsort_probs), none of them exported.
import type { Absent } from "../contestant.ts";

/** Says why it does not take part. */
export async function webLlm(): Promise<Absent[]> {
  const exported = Object.keys(await import("@mlc-ai/web-llm")).filter((name) => /sampl/i.test(name));
  const why =
    exported.length === 0
      ? "it exports no sampler"
      : `of what it exports, ${exported.join(", ")} takes no logits`;
  return [
    {
      id: "web-llm",
      name: "web-llm sampler",
      family: "webgpu",
      ours: false,
      library: "@mlc-ai/web-llm",
      absent: `${why}: sampling is a kernel inside a compiled model, which has to be downloaded`,
    },
  ];
}
