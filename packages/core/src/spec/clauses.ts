// The sampling spec: numbered clauses, kept once, in a form that code reads. Cases cite them, reports print them.
// Normative text only; how a backend meets a clause is its own business.

import type { OperationName } from "../operation-table.ts";

/** One numbered sentence of the spec. */
export interface Clause {
  /** Such as `NOISE-2`; reports in the world cite it, so it never changes. */
  readonly id: string;
  /** One normative sentence or a few, with `code` marked as in Markdown. */
  readonly text: string;
}

/** Clauses that belong together, with the prefix that they share. */
export interface Chapter {
  /** What the ids of its clauses begin with. */
  readonly prefix: string;
  /** Its heading. */
  readonly title: string;
  /** The clauses, in order. */
  readonly clauses: readonly Clause[];
}

/** The spec, in reading order. Formulas are plain Unicode; `code` is marked as in Markdown. */
export const CHAPTERS: readonly Chapter[] = [
  chapter("KEY", "Keys", [
    "A key is two 32-bit words `[hi, lo]`. `key(seed)` takes a safe integer, or a bigint of up to 64 bits, negative ones in two's complement. A key is given as an array or typed array of two such words. Every key, `[0, 0]` too, is a key like any other, and both words count.",
    "`foldIn(key, data)` is `threefry2x32(key, [hi(data), lo(data)])`, and `split(key, n)[i]` is `foldIn(key, i)`: those of `jax.random` with `jax_threefry_partitionable`. `data` is an integer in [0, 2⁶⁴); `jax.random.fold_in` takes its low 32 bits alone.",
    "A key that is left out is the next one of a default stream, whose `i`-th key is `foldIn(root, i)`. `seed(n)` sets the root to `key(n)` and starts over; before that the root is 64 bits of `crypto.getRandomValues`. Calls draw in the order in which they are made, overlapping ones too, and a call that is refused draws none.",
    "The same key, operation, logits and options give the same result every time, to the last bit on one backend, whatever was called before, between or at the same time.",
  ]),
  chapter("BITS", "Random bits", [
    "The block function is Threefry-2x32 with 20 rounds (Salmon et al. 2011).",
    "Element `i` (flat row-major index of the noise shape) owns the block `(x0, x1) = threefry2x32(key, [hi(i), lo(i)])`. Its word is `x0 ^ x1`: exactly `jax.random.bits`.",
    "An element's bits and noise depend on the key and its counter alone, to the last bit on one backend: never on the shape around it, batching, workgroup or thread count, or which shard computes it.",
    "With `offset` and `rowStride`, element `i` of a noise shape whose last dimension is `n` owns the counter `offset + ⌊i/n⌋·rowStride + i mod n`, a 64-bit number. Columns `[c, c+n)` of rows of length V are computed with `offset: c, rowStride: V`; rows from r on of sample s, of R rows in all, with `offset: (s·R + r)·V`, one sample at a time.",
  ]),
  chapter("NOISE", "Gumbel noise", [
    'At precision `"full"`: `u = (N + ½)/2⁶³` with `N` the upper 63 bits of `word·2³² + x1`, and `g = −log(−log u)`. It reaches from −3.79 to 44.36 and draws events as rare as 2⁻⁶³.',
    'At precision `"jax"`: `u = max(2⁻¹²⁶, (word >>> 9)·2⁻²³)`, and `g = −log(−log u)`: `jax.random.gumbel` in its default mode.',
    "Noise stays within `2⁻²⁰·max(1, |g|)` of its value in exact arithmetic, over the whole range of words.",
    "Noise is always finite.",
    'Precision `"full"` is the default, of every operation that draws noise.',
    "Noise follows the standard Gumbel law, and is independent across elements, rows, samples and keys.",
  ]),
  chapter("LOGITS", "Logits, axes and rows", [
    "Logits are unnormalised log-probabilities of any rank from 1. A row is what remains when every other dimension than `axis` is fixed; `axis` may be negative and defaults to −1.",
    "A logit of −∞ masks its category: probability and gradient exactly 0, never picked.",
    "A row is degenerate when it holds NaN or +∞, or nothing but −∞. Its soft and hard results, gradients and perturbed logits are NaN, its indices −1, and no other row is touched. A row of no category is not degenerate.",
    "Perturbed logits decide by exact order: two categories compare as the real numbers of their float32 logit, over the temperature where there is one, plus their noise, however large the logits are. An exact tie is that of equal logits and equal random words. (`jax.random.categorical` adds in float32 and loses the noise beside logits of 1e7.)",
    "A tensor without elements gives a result without elements. An operation with one result for each row, such as a category or a density, refuses rows of no category with a `RangeError`, also where there is no row.",
    "Finite logits of any size, to the ends of float32, give results that are neither NaN nor infinite.",
    "Results do not depend on how large the tensor is: many rows, long rows, long inner dimensions.",
  ]),
  chapter("GS", "gumbelSoftmax", [
    "`gumbelSoftmax(logits, { key, temperature = 1, hard = false, axis = −1, sampleShape = [] })` is `softmax((logits + g)/temperature)` along `axis`, of shape `[...sampleShape, ...logits.shape]`, which is also the shape of the noise: every sample has fresh noise.",
    "With `hard` it is the exact one-hot (1 and 0) of `argmax(logits + g)`, the lowest index on an exact tie.",
    "The temperature is a number in [2⁻⁴⁰, 2⁴⁰]; the maximum is subtracted before dividing. As it falls the sample becomes one-hot (categories of an exact tie share evenly), as it grows uniform over the unmasked categories.",
    "Soft values stay within `min(e, |σ(σ⁻¹(y) ± e) − y|) + 2⁻²⁰·y·(1 + |x|/2) + 2⁻¹²⁶` of the reference y, where `e = 2⁻¹⁸·max(1, |z|, |max z|)/temperature`, `z = (logits − max logits) + g` and `x = (z − max z)/temperature`: an error of the noise's size in z, float32's rounding relative to y, and its smallest normal number.",
    "Each soft row sums to 1 within 2⁻¹⁸, and no value lies outside [0, 1].",
    "Away from near-ties the hard sample, the categorical index and the argmax of the soft sample at one key agree, on one backend and across backends. A near-tie: the two largest perturbed logits of the reference are closer than `2⁻¹⁸·max(1, |z|)`, z being taken less the largest logit of the row, over the temperature where that divides the logits alone.",
    "Adding a constant to a row of logits does not change the sample where each sum is exact in float32.",
    "With `log` the result is the logarithm of the soft sample, computed as such: −∞ under a mask and finite elsewhere, also where the sample underflows to 0, and float32's least number where it lies below. It stays within `2·e + 2⁻²⁰·max(1, |value|)` of the reference, with the e of GS-4. With `hard` it is refused.",
  ]),
  chapter("SM", "softmax", [
    "`softmax(logits, { temperature = 1, hard = false, axis = −1 })` is GS-1 without noise; its accuracy is that of GS-4 with `e = 2⁻²¹·max(1, |z − max z|)/temperature`.",
    "With `hard` it is the exact one-hot of `argmax(logits)`, the lowest index on an exact tie. It is not a sample.",
    "With `log` it is the log-softmax: GS-8 with the e of SM-1.",
  ]),
  chapter("VJP", "Gradients", [
    "The vector-Jacobian product of `gumbelSoftmax` with cotangent c is `y∘(c − Σ c∘y)/temperature` along the axis, y being the soft sample at the same key and options, summed over `sampleShape`; over no samples it is 0. A category whose y is 0 takes no part, whatever its cotangent, and a cotangent that is not finite reaches its own row alone.",
    "That of `softmax` is the same without noise.",
    "`hard` alone does not change the product: straight-through. Other estimators are those of EST.",
    "Gradients stay within `(2C/temperature)·(bᵢ + yᵢ·Σbⱼ) + 2⁻¹²⁶·(1 + (1 + (n + 2)·yᵢ)/temperature)` of the reference for each sample, where b is the bound of GS-4, or of SM-1, `C = max |c|` over the row's categories whose y is not 0, n its length, and 2⁻¹²⁶ float32's smallest normal number: anything less, cotangents and intermediate products too, may be taken as 0. One beyond float32 is not a number that anything is said of.",
    "The product agrees with finite differences of the backend's own soft forward pass.",
    "With `log` the product is `(c − y·Σ c)/temperature`, over the categories that are not masked. It stays within `(C·(bᵢ + 2⁻²⁰·yᵢ) + 2⁻²⁰·|cᵢ|)/temperature + 2⁻¹²⁶·(1 + (1 + (n + 2)·yᵢ)/temperature)` of the reference for each sample, with `C = Σ |c|` over those categories and the rest as in VJP-4.",
  ]),
  chapter("EST", "Estimators of the gradient of hard samples", [
    '`gumbelSoftmax(logits, { hard: true, estimator = "straight-through", … })` is the sample of GS-2 to the last bit, whatever the estimator and its options. The estimator chooses the product of `gumbelSoftmaxVjp` at the same key and options, which is summed over `sampleShape` as in VJP-1. Below D is the hard sample, `p = softmax(logits)` and `J(y)ᵀc = y∘(c − Σ c∘y)`.',
    '`"straight-through"` with `backwardTemperature` is the product of VJP-1 at that temperature.',
    '`"reinmax"` is `2·J(π)ᵀc − ½·J(p)ᵀc` with `π = (softmax(logits/temperature) + D)/2`.',
    '`"gumbel-rao"` is the mean of `J(softmax((logits + n)/temperature))ᵀc/temperature` over n, the conditional noise of COND-1 at temperature 1 given D, under each of the keys `split(key, draws)`, with `draws = 10` by default; n is held constant.',
    '`"gapped"` is `J(softmax(l/temperature))ᵀc/temperature`, where l is 0 for the category of D and `min(logit − max logits, −gap)` for the others, with `gap = 1` by default. With `gap: "expected"` it is `−ln(1 − p)/p` with the p of D in each row: the mean lead of the largest perturbed logit over the second, given D.',
    "Gradients stay within the bound of VJP-4, with b of GS-4 for `straight-through`, twice that, of z no nearer than COND-3 leaves the noise of D, for each draw of `gumbel-rao`, and of SM-1 for the softmaxes of the others, but with an expected gap G that of GS-4 with l no nearer than `2⁻¹⁸·G`; with the factors of `reinmax`, where π adds 2⁻²⁴. Within a near-tie (GS-6) D may be either category. Masks and degenerate rows are those of VJP.",
    'An estimator, or an option of one, without `hard: true`, and an option of another estimator, is a `RangeError` that names both. `backwardTemperature` is a temperature, `draws` an integer in [1, 65536], `gap` a number in [0, 2⁴⁰] or `"expected"`.',
  ]),
  chapter("CAT", "categorical", [
    '`categorical(logits, { key, temperature = 1, axis = −1, sampleShape = [] })` is `argmax(logits/temperature + g)`, int32 indices of shape `[...sampleShape, ...batch]`, with noise of shape `[...sampleShape, ...logits.shape]`: at temperature 1 and precision `"jax"` those of `jax.random.categorical`.',
    "On an exact tie the lowest index wins. Near ties aside, the index is that of the reference; within one, it is a category whose perturbed logit is as near to the largest.",
    "Category i comes up with probability `softmax(logits/temperature)ᵢ`, down to events as rare as the noise can draw.",
    "The temperature divides the logits before the noise is added; it is a number in [2⁻⁴⁰, 2⁴⁰], or 0: then the index is the mode, that of the largest logit, exactly, and the lowest one of equal logits.",
  ]),
  chapter("TOPK", "gumbelTopK", [
    "`gumbelTopK(logits, k, { key, temperature = 1, axis = −1 })` gives the k largest perturbed logits of each row, descending but for near-ties, and their categories; the axis has length k in both results. Noise has the logits' shape. Its first place is the categorical sample at the same key and temperature, near-ties aside.",
    "Indices of a row are distinct, each value is the perturbed logit of its index within `2⁻²⁰·max(1, |g|) + 2⁻²⁰·max(|z − g|, |z|)`, and an exact tie goes to the lower index first.",
    "Places that no unmasked category is left for hold −∞ and index −1.",
    "The order is that of drawing without replacement from `softmax(logits/temperature)` (Plackett–Luce).",
    "The temperature divides the logits before the noise is added: a value is `logits/temperature + g`, and where that leaves float32 the end by which it leaves.",
  ]),
  chapter("LOGP", "logProb", [
    "`logProb(logits, indices, { temperature = 1, axis = −1 })` is the logarithm of `softmax(logits/temperature)` at the index of each row, of the indices' shape, which is the logits' without the axis.",
    "It is −∞ for a masked category, and NaN for a degenerate row or index −1. Any other index out of range is a `RangeError` where indices are on the CPU, and gives NaN where they are on a GPU.",
    "Values stay within `2⁻²⁰·max(1, |value|)` of the reference. One of an unmasked category below the least finite float32 is that.",
  ]),
  chapter("COND", "conditionalGumbel", [
    "`conditionalGumbel(logits, indices, { key, temperature = 1, axis = −1, sampleShape = [] })` is Gumbel noise of shape `[...sampleShape, ...logits.shape]` given that the index of each row is `argmax(logits/temperature + noise)`. With the noise g of GS-1, E = exp(−g), p = softmax(logits/temperature) and the index i, it is `gᵢ − log pᵢ` for i and `−log(Eⱼ + pⱼ·Eᵢ)` for another category: for a masked one, gⱼ.",
    "The index is the argmax always, exact ties included: with `s = (logits − max logits)/temperature` and `z = s + noise`, zᵢ exceeds that of every other unmasked category by at least `2⁻²¹·max(1, |zᵢ|, |sⱼ|)`, unless the noise of i would leave float32, where it is the largest float32.",
    "Noise stays within `2⁻¹⁸·max(1, |gᵢ|, |gⱼ|, |value|)` of COND-1, and of another category within `2⁻¹⁸·max(1, |zᵢ|, |sⱼ|)` below what COND-2 leaves it.",
    "Noise is finite for every finite row, and NaN where the row is degenerate or its index is −1 or masked. Any other index out of range is a `RangeError` where indices are on the CPU, and makes its row NaN where they are on a GPU.",
    "Given indices that follow `softmax(logits/temperature)` at independent keys, noise follows the standard Gumbel law, independently across the categories of a row.",
  ]),
  chapter("ENT", "entropy", [
    "`entropy(logits, { temperature = 1, axis = −1 })` is `−Σ p·ln p` with `p = softmax(logits/temperature)`, in nats, of the logits' shape without the axis. A masked category adds nothing. Values stay within `2⁻¹⁸·max(1, value)` of the reference.",
  ]),
  chapter("KL", "klDivergence", [
    "`klDivergence(logits, otherLogits, { axis = −1 })` is `Σ p·(ln p − ln q)` with `p = softmax(logits)` and `q = softmax(otherLogits)`, in nats, of the logits' shape without the axis. It is never negative. A logarithm below float32's least number counts as that. Values stay within `2⁻¹⁸·max(1, value)` of the reference; one beyond float32 is its largest number.",
    "A category that p masks adds nothing, whatever q holds there; one that q masks and p does not makes the divergence +∞, however small p is. It is NaN where the row of p or of q is degenerate.",
  ]),
  chapter("RLP", "relaxedLogProb", [
    "`relaxedLogProb(logits, logSample, { temperature = 1, axis = −1, sampleShape = [] })` is the log-density of GS-8's log-samples (the ExpConcrete of Maddison et al. 2017): `ln Γ(n) + (n − 1)·ln τ + Σ ln πᵢ` with `π = softmax(logits − τ·logSample)`, of shape `[...sampleShape, ...batch]`. Adding a constant to a log-sample does not change it.",
    "A masked category takes no part, and n counts the others. The density is −∞ where the log-sample of a masked category is not −∞, or that of another one is infinite.",
    "Values stay within `2⁻²⁰·(1 + ln Γ(n) + (n − 1)·|ln τ| + Σ (|ln πᵢ| + (1 + n·πᵢ)·(|logitᵢ| + τ·|logSampleᵢ|)))` of the reference: of the size of the terms, which cancel one another. One below float32 is its least number.",
  ]),
  chapter("BERN", "relaxedBernoulli and relaxedBernoulliLogProb", [
    '`relaxedBernoulli(logits, { key, temperature = 1, hard = false, logit = false, sampleShape = [] })` is `σ((logits + L)/temperature)` of each element, of shape `[...sampleShape, ...logits.shape]`, with `L = ln u − ln(1 − u)` of the u that NOISE-1 or NOISE-2 give the element: at precision `"jax"` that of `jax.random.logistic`. With `hard` it is 1 where `logits + L > 0`, and 0 elsewhere.',
    "With `logit` it is `(logits + L)/temperature`, within `e/temperature + 2⁻²⁰·|value|` of the reference, with `e = 2⁻¹⁸·max(1, |logit|, |L|)`; where that leaves float32, the end by which it leaves. With `hard` it is refused.",
    "Soft values y stay within `min(e/τ, |σ((logit + L ± e)/τ) − y|) + 2⁻²⁰·y·(1 + max(0, −x)/2) + 2⁻¹²⁶` of the reference, with the e of BERN-2, `τ` the temperature and `x = (logit + L)/τ`. Where `|logit + L| ≤ e` a hard value may be either.",
    "A logit of −∞ gives 0, one of +∞ gives 1, as logits −∞ and +∞; one of NaN gives NaN. No other element is touched.",
    "`relaxedBernoulliLogProb(logits, sampleLogits, { temperature = 1, sampleShape = [] })` is the log-density of BERN-2's logits, `ln τ − |d| − 2·ln(1 + e^−|d|)` with `d = logits − τ·sampleLogits`, of the samples' shape; −∞ where d is infinite and NaN where it is NaN, as real numbers. Values stay within `2⁻²⁰·(1 + |ln τ| + 2·(|logit| + τ·|sampleLogit|))` of the reference; one below float32 is its least number.",
  ]),
  chapter("DEC", "Filters and rows of `categorical` and `logProb`", [
    'Filters act in this order, each on what the one before left, renormalised: `mask`, `topNSigma`, `topK`, `topP`, `minP`, `typicalP`, `epsilonCutoff`, `etaCutoff`. They see probabilities `softmax(logits/temperature)`, but for `topNSigma`, which sees the logits; with `order: "temperature-last"` those at temperature 1, and the temperature divides in the draw alone.',
    "Filters choose which categories compete, and change nothing else: a category that is left owns the counter and the noise that it has without filters, and `categorical` is the argmax of CAT-1 among those.",
    "Categories rank by falling logit, before any temperature, and equal ones by rising index. `topK` keeps the first `min(k, n)`, exactly so many; 0 is off.",
    "`topP` keeps a category where those of higher rank hold a mass below p: the smallest set that reaches p. The first always stays, 1 is off.",
    "`minP` keeps `(logit − max)/temperature ≥ ln m`. `topNSigma` keeps `logit ≥ max − n·σ`, σ being the standard deviation (that of the population) of the row's unmasked logits. `epsilonCutoff` keeps `p ≥ ε`, `etaCutoff` keeps `p ≥ min(η, √η·e^−H)` with the entropy H. The first that a filter is given always stays, 0 is off.",
    "`typicalP` is `topP` in the order of rising `|−ln p − H|`, equal ones by rank.",
    "`mask` says which categories are allowed: category v where bit `v mod 32` of word `⌊v/32⌋` is 1. What is not allowed is a logit of −∞, whatever it was.",
    "Temperature and numeric filters are one value, or one for each row of the logits in row-major order, and so is `mask`; a row's sample is that of a call with its values.",
    "With a key for each row each row draws as if it were alone under its key (`jax.vmap`): category j of sample s owns the counter `offset + s·rowStride + j`, `rowStride` being n by default. Its sample is a function of its own logits, options and key, to the last bit on one backend, whatever is beside it.",
    "Where a mass lies within 2⁻¹⁸ of its cut-off, or a logit over the temperature, or a logarithm of a probability, within `2⁻¹⁸·max(1, |bound|)` of its bound, a category may be kept or not. A sample is right that may be kept, and that no category which must be kept beats by more than a near-tie (GS-6).",
    "At temperature 0 `categorical` is the mode of what the mask allows; the other filters do nothing.",
    "`logProb` with filters is the logarithm of the probability among the categories that are kept, and −∞ for one that is not.",
  ]),
  chapter("ARG", "Arguments", [
    "A bad argument throws or rejects with an error whose message names the argument, the value that came and what is allowed: a `TypeError` where its type is wrong, a `RangeError` where its value is. Such are logits, shape, axis, sampleShape, temperature, hard, log, logit, k, key, precision, offset, rowStride, the filters, mask and order, the estimator and its options, and the shapes of the tensors beside the logits.",
    "It does so before any work is queued: nothing is allocated, and the next call works.",
    "What a backend lacks it declares in its capabilities; calling it throws or rejects with `UnsupportedError`.",
    "An option that is `null` or `undefined` is left out. Options may be inherited or come from getters, and each is read once. One that the operation does not have is a `TypeError` that names the option, the operation, and the option that was probably meant; so is a key passed by position, or anything else than an object of options.",
  ]),
  chapter("LIFE", "Lifetime", [
    "Inputs are never changed, and a result is not changed by a later call. Options, keys and shapes are read before a call returns: what is written into them afterwards changes nothing.",
    "When inputs and results are released, nothing remains alive, after a call that failed too.",
    "After `dispose` every operation throws or rejects.",
  ]),
];

/** The clause that defines the result of each operation. */
export const DEFINITIONS: Readonly<Record<OperationName, string>> = {
  bits: "BITS-2",
  gumbel: "NOISE-1",
  gumbelSoftmax: "GS-1",
  gumbelSoftmaxVjp: "VJP-1",
  softmax: "SM-1",
  softmaxVjp: "VJP-2",
  categorical: "CAT-1",
  gumbelTopK: "TOPK-1",
  logProb: "LOGP-1",
  conditionalGumbel: "COND-1",
  entropy: "ENT-1",
  klDivergence: "KL-1",
  relaxedLogProb: "RLP-1",
  relaxedBernoulli: "BERN-1",
  relaxedBernoulliLogProb: "BERN-5",
};

/** Every clause by its id. */
export const CLAUSES: ReadonlyMap<string, Clause> = new Map(
  CHAPTERS.flatMap((each) => each.clauses.map((clause) => [clause.id, clause])),
);

/** Text of a clause. Throws on an unknown id, so that no case cites one that is not there. */
export function clauseText(id: string): string {
  const clause = CLAUSES.get(id);
  if (clause === undefined) throw new RangeError(`no clause ${id} in the sampling spec`);
  return clause.text;
}

function chapter(prefix: string, title: string, texts: readonly string[]): Chapter {
  return { prefix, title, clauses: texts.map((text, i) => ({ id: `${prefix}-${i + 1}`, text })) };
}
