"""Small real models for real inference servers, written in about a second.

A *scripted* model is a Llama whose weights are a table: each token is its own direction, attention
and feed-forward add nothing, and the output head maps each token of the script to the next one. It
answers every prompt with the script and then ends, like a trained model that knows one answer. A
*random* model answers noise and, as good as never, an end: for time-outs, limits and cancelling.

Both know any text: 256 byte tokens and the printable ASCII characters are in the vocabulary.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

CONTEXT_TOKENS = 8192
UNKNOWN_ID, BEGIN_ID, END_ID = 0, 1, 2
CERTAINTY = 12.0
"""Logit of the scripted next token over all others'; with it sampling never strays."""


def write_scripted(path: Path, pieces: Sequence[str]) -> None:
    """Write a model that answers with `pieces`, one token each, and then ends.

    A piece may occur once only: the next token depends on the last one and on nothing else. A
    newline is written as ``"\\n"`` and becomes the byte token for it.
    """
    named = ["<0x0A>" if piece == "\n" else piece for piece in pieces]
    if len(set(named)) != len(named):
        raise ValueError("a piece of the script occurs twice")
    vocabulary = _Vocabulary(piece for piece in named if piece != "<0x0A>")
    script = [vocabulary.ids[piece] for piece in named]
    width = -(-len(vocabulary.tokens) // 32) * 32
    embedding = np.eye(len(vocabulary.tokens), width, dtype=np.float32)
    head = np.zeros_like(embedding)
    following = dict(zip(script, [*script[1:], END_ID], strict=True))
    for token in range(len(vocabulary.tokens)):
        head[following.get(token, script[0]), token] = CERTAINTY
    tensors = _block(width, lambda *shape: np.zeros(shape, np.float32))
    _write(path, vocabulary, width, {"token_embd": embedding, "output": head, **tensors})


def write_random(path: Path, seed: int = 7) -> None:
    """Write a model that answers noise, the same noise for the same seed."""
    vocabulary, width = _Vocabulary(()), 64
    source = np.random.default_rng(seed)

    def noise(*shape: int) -> Array:
        return source.standard_normal(shape, np.float32) / 4

    size = len(vocabulary.tokens)
    head = noise(size, width)
    head[END_ID] = 0
    tensors = {"token_embd": noise(size, width), "output": head, **_block(width, noise)}
    _write(path, vocabulary, width, tensors)


class _Vocabulary:
    def __init__(self, pieces: Iterable[str]) -> None:
        self.tokens: list[str] = []
        self.scores: list[float] = []
        self.types: list[int] = []
        kinds = gguf.TokenType
        self._add("<unk>", 0.0, kinds.UNKNOWN)
        self._add("<s>", 0.0, kinds.CONTROL)
        self._add("</s>", 0.0, kinds.CONTROL)
        for byte in range(256):
            self._add(f"<0x{byte:02X}>", 0.0, kinds.BYTE)
        for rank, char in enumerate(["\u2581", *map(chr, range(33, 127))]):
            self._add(char, -1000.0 - rank, kinds.NORMAL)
        for piece in pieces:
            self._add(piece, -1.0, kinds.USER_DEFINED)
        self.ids = {token: index for index, token in enumerate(self.tokens)}

    def _add(self, token: str, score: float, kind: gguf.TokenType) -> None:
        self.tokens.append(token)
        self.scores.append(score)
        self.types.append(int(kind))


def _block(width: int, fill: Callable[..., Array]) -> dict[str, Array]:
    """The tensors of the only block and the norm behind it."""
    feed = 32
    ones = np.ones(width, np.float32)
    square = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (width, width))
    shapes = {
        **square,
        "ffn_gate": (feed, width),
        "ffn_up": (feed, width),
        "ffn_down": (width, feed),
    }
    tensors = {f"blk.0.{name}": fill(*shape) for name, shape in shapes.items()}
    return {"output_norm": ones, "blk.0.attn_norm": ones, "blk.0.ffn_norm": ones, **tensors}


def _write(path: Path, vocabulary: _Vocabulary, width: int, tensors: dict[str, Array]) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    _write_shape(writer, width, len(vocabulary.tokens))
    _write_tokenizer(writer, vocabulary)
    for name, tensor in tensors.items():
        writer.add_tensor(f"{name}.weight", tensor.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_shape(writer: gguf.GGUFWriter, width: int, vocabulary_size: int) -> None:
    heads = 4
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(32)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(width // heads)
    writer.add_vocab_size(vocabulary_size)
    writer.add_file_type(0)


def _write_tokenizer(writer: gguf.GGUFWriter, vocabulary: _Vocabulary) -> None:
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([token.encode() for token in vocabulary.tokens])
    writer.add_token_scores(vocabulary.scores)
    writer.add_token_types(vocabulary.types)
    writer.add_bos_token_id(BEGIN_ID)
    writer.add_eos_token_id(END_ID)
    writer.add_unk_token_id(UNKNOWN_ID)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
