// Builds a small language model on disk, and runs it.
export { type BuildOptions, type BuiltDecoder, buildDecoder } from "./build-decoder.ts";
export { createDecoder, type Decoder, type DecoderState } from "./create-decoder.ts";
export { readCorpus } from "./read-corpus.ts";
