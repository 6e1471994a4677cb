// Drafts cost time, never the reply; and a drafter at the same keys is accepted as often as the formula says.
import { createSampler, key } from "@gumbel/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createTokenSampler, verifyDraft } from "../src/index.ts";
import { arbitraryFilters, arbitraryKey, arbitraryPenalties } from "./random-logits.ts";

const V = 8;
const sampler = createSampler();

/** A model: logits that depend on the last two tokens. */
function modelOf(salt: number): (tokens: readonly number[]) => Float32Array {
  return (tokens) => {
    const [a = 0, b = 0] = tokens.slice(-2);
    return Float32Array.from({ length: V }, (_, v) => 2 * Math.sin(v * 5 + a * 3 + b * 7 + salt));
  };
}

/** The target's logits after the history and after each token of the draft. */
function logitsOf(model: ReturnType<typeof modelOf>, history: readonly number[], draft: readonly number[]) {
  const rows = Array.from({ length: draft.length + 1 }, (_, i) => model([...history, ...draft.slice(0, i)]));
  return { data: Float32Array.from(rows.flatMap((row) => [...row])), shape: [rows.length, V] };
}

it("gives exactly the tokens of decoding one by one, whatever the draft", () => {
  const setting = fc.record({
    base: arbitraryKey(),
    filters: arbitraryFilters(),
    penalties: arbitraryPenalties(V),
    drafts: fc.array(fc.array(fc.nat(V - 1), { maxLength: 5 }), { minLength: 20, maxLength: 20 }),
    isMarked: fc.boolean(),
    row: fc.nat(5),
  });
  const target = modelOf(0);
  fc.assert(
    fc.property(setting, ({ base, filters, penalties, drafts, isMarked, row }) => {
      const watermark = isMarked ? { key: [1, base[1]] as const, context: 2 } : undefined;
      fc.pre(base[0] !== 1);
      const tokens = createTokenSampler({
        key: base,
        ...filters,
        ...penalties,
        watermark,
        logProbs: true,
        sampler,
      });
      const plain = [1, 2];
      const picks = [];
      while (plain.length < 14) {
        const next = tokens.next(target(plain), { history: plain, promptLength: 2, row });
        picks.push(next);
        plain.push(next.token);
      }
      const drafted = [1, 2];
      const verified = [];
      for (const draft of drafts) {
        const step = { history: drafted.slice(), promptLength: 2, row };
        const { tokens: kept, accepted } = verifyDraft(tokens, logitsOf(target, drafted, draft), draft, step);
        expect(kept).toHaveLength(accepted + 1);
        expect(kept.slice(0, accepted).map(({ token }) => token)).toEqual(draft.slice(0, accepted));
        verified.push(...kept);
        drafted.push(...kept.map(({ token }) => token));
      }
      expect(drafted.slice(0, 14)).toEqual(plain);
      expect(verified.slice(0, 12)).toEqual(picks);
    }),
  );
});

it("accepts the whole draft of the same model, and adds one token", () => {
  const target = modelOf(0);
  const tokens = createTokenSampler({ key: key(9), sampler });
  const history = [3, 4];
  const draft: number[] = [];
  while (draft.length < 4) {
    const so = [...history, ...draft];
    draft.push(tokens.next(target(so), { history: so }).token);
  }
  const { accepted, tokens: kept } = verifyDraft(tokens, logitsOf(target, history, draft), draft, {
    history,
  });
  expect(accepted).toBe(4);
  expect(kept).toHaveLength(5);
});

it("accepts a drafter at the same keys with probability Σ_i 1/Σ_j max(p_j/p_i, q_j/q_i)", () => {
  const p = Float32Array.of(1, 0, -1, 0.5, -2);
  const q = Float32Array.of(0, 0.3, -0.5, 1, -1);
  const probabilities = (logits: Float32Array) => {
    const weights = Array.from(logits, Math.exp);
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / sum);
  };
  const [P, Q] = [probabilities(p), probabilities(q)];
  const expected = P.reduce(
    (total, pi, i) => total + 1 / P.reduce((sum, pj, j) => sum + Math.max(pj / pi, Q[j] / Q[i]), 0),
    0,
  );
  const tokens = createTokenSampler({ key: key(11), sampler });
  const draws = 20_000;
  const logits = { data: Float32Array.of(...p, ...p), shape: [2, 5] };
  let accepted = 0;
  for (let position = 0; position < draws; position++) {
    const draft = [tokens.next(q, { position }).token];
    accepted += verifyDraft(tokens, logits, draft, { position }).accepted;
  }
  // Within 3.5 standard deviations: left in one of 2,000 keys.
  const deviation = Math.sqrt((expected * (1 - expected)) / draws);
  expect(Math.abs(accepted / draws - expected)).toBeLessThan(3.5 * deviation);
  // A drafter with noise of its own is accepted with Σ p_i·q_i, far less often.
  expect(expected).toBeGreaterThan(2 * P.reduce((sum, pi, i) => sum + pi * Q[i], 0));
});

it("refuses logits of another length than the draft and one", () => {
  const tokens = createTokenSampler({ sampler });
  const logits = { data: new Float32Array(8), shape: [2, 4] };
  const message = "logits must have shape [3, V] for a draft of 2 tokens, got [2, 4]";
  expect(() => verifyDraft(tokens, logits, [1, 2], { position: 0 })).toThrow(message);
  expect(() => verifyDraft(tokens, logits, [-1], { position: 0 })).toThrow("draft must hold token ids");
  expect(() => verifyDraft(tokens, logits, [1], {})).toThrow("history or position must be given");
  expect(() => verifyDraft(tokens, null as never, [1], { position: 0 })).toThrow(
    "logits must have shape [2, V] for a draft of 1 tokens, got null without a shape",
  );
});

it("refuses what is no draft, history, step or sampler, by name", () => {
  const tokens = createTokenSampler({ sampler });
  const logits = { data: new Float32Array(4), shape: [1, 4] };
  for (const wrong of ["12", 3, undefined, new Set([1])]) {
    const verify = () => verifyDraft(tokens, logits, wrong as never, { position: 0 });
    expect(verify).toThrow(TypeError);
    expect(verify).toThrow("draft must be a list of token ids, got");
  }
  expect(() => verifyDraft(tokens, logits, [], { history: 5 as never })).toThrow(
    "history must be a list of token ids, got 5",
  );
  expect(() => verifyDraft(tokens, logits, [], { histroy: [1], position: 0 } as never)).toThrow(
    "verifyDraft has no option histroy: did you mean history?",
  );
  expect(() => verifyDraft(tokens, logits, [], undefined as never)).toThrow("verifyDraft takes options");
  expect(() => verifyDraft(sampler as never, logits, [], { position: 0 })).toThrow(
    "sampler must be what createTokenSampler gives",
  );
});

it("stops at a token that cannot be drawn, and says so", () => {
  const tokens = createTokenSampler({ sampler });
  const logits = { data: new Float32Array(8).fill(Number.NEGATIVE_INFINITY), shape: [2, 4] };
  expect(verifyDraft(tokens, logits, [1], { position: 0 })).toEqual({ accepted: 0, tokens: [{ token: -1 }] });
});
