// The files that make a folder of a tokenizer and a model, as `AutoTokenizer` and `AutoModelForCausalLM` read them.
import { type Bpe, END_OF_TEXT } from "./train-bpe.ts";

/** Content of the JSON files of a model's folder, by name. */
export function configurationFiles({ tokens, merges }: Bpe): Record<string, unknown> {
  const special = { bos_token_id: 0, eos_token_id: 0, pad_token_id: 0 };
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    "config.json": {
      // Of the model types, one that asks for least: a cache with a name, and no positions.
      model_type: "gpt2",
      architectures: ["GPT2LMHeadModel"],
      n_layer: 1,
      n_head: 1,
      n_embd: 1,
      vocab_size: tokens.length,
      ...special,
    },
    "generation_config.json": special,
    "tokenizer_config.json": {
      tokenizer_class: "GPT2Tokenizer",
      bos_token: END_OF_TEXT,
      eos_token: END_OF_TEXT,
      pad_token: END_OF_TEXT,
      // A decoder goes on at the right.
      padding_side: "left",
      model_max_length: 1024,
      clean_up_tokenization_spaces: false,
    },
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: [
        {
          id: 0,
          content: END_OF_TEXT,
          single_word: false,
          lstrip: false,
          rstrip: false,
          normalized: false,
          special: true,
        },
      ],
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: byteLevel,
      decoder: byteLevel,
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: "",
        end_of_word_suffix: "",
        fuse_unk: false,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges: merges.map((pair) => pair.join(" ")),
      },
    },
  };
}
