"""A base model small enough to train here: a Llama of two layers, and a tokenizer of its own.

The tokenizer is byte-level BPE with Seed-Coder's special tokens, trained on the spot. It knows any
text, and puts the beginning of a sequence in front as Seed-Coder's does.
"""

from collections.abc import Iterable
from pathlib import Path

BEGIN, END, PAD = "<[begin▁of▁sentence]>", "<[end▁of▁sentence]>", "<[PAD▁TOKEN]>"
MARKS = ("<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>")
CONTEXT_TOKENS = 2048
VOCABULARY = 420


def write_base(folder: Path, texts: Iterable[str], width: int = 64) -> Path:
    """Write a model with random weights, the same for the same texts."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_trained(texts), bos_token=BEGIN, eos_token=END, pad_token=PAD
    )
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT_TOKENS,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _trained(texts: Iterable[str]):  # type: ignore[no-untyped-def]  # tokenizers has few types
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[BEGIN, END, PAD, *MARKS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    made.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A", special_tokens=[(BEGIN, made.token_to_id(BEGIN))]
    )
    return made
