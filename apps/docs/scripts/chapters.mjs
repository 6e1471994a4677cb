// The pages that people wrote, in the order of the site's sidebar, and the packages whose READMEs are pages.
/** Explanations, and where they stand. */
export const UNDERSTAND = [
  { text: "Sampling you can train through", link: "/understand/" },
  { text: "The Gumbel-max theorem", link: "/understand/gumbel-max" },
  { text: "Temperature", link: "/understand/temperature" },
  { text: "Straight-through, and its lookalike", link: "/understand/straight-through" },
  { text: "One key, one sample", link: "/understand/one-key-one-sample" },
  { text: "Why the noise needs 63 bits", link: "/understand/noise" },
];

/** Guides: a backend each, then training, then special cases. Each but the last, a table, has a program that runs. */
export const GUIDES = [
  { text: "Sample from typed arrays", link: "/guides/wasm" },
  { text: "Sample in a web page", link: "/guides/web-page" },
  { text: "Train with TensorFlow.js", link: "/guides/train-with-tfjs" },
  { text: "Sample on WebGPU", link: "/guides/webgpu" },
  { text: "Graft a sampler onto an ONNX model", link: "/guides/onnx" },
  { text: "Sample from a language model", link: "/guides/language-models" },
  { text: "Choose an estimator", link: "/guides/estimators" },
  { text: "Choose a temperature schedule", link: "/guides/schedule" },
  { text: "Reinforcement learning with discrete actions", link: "/guides/reinforcement-learning" },
  { text: "Counterfactuals", link: "/guides/counterfactuals" },
  { text: "Shard a vocabulary", link: "/guides/shards" },
  { text: "Write your own adapter", link: "/guides/adapter" },
  { text: "Move a model from JAX", link: "/guides/from-jax" },
  { text: "Names in PyTorch, JAX and TFP", link: "/guides/names" },
];

/** Names of the packages. */
export const PACKAGES = ["wasm", "tfjs", "webgpu", "onnx", "llm", "core"];
