"""
What Magika's file-type detector has in its last hidden layer, 512 numbers a file, before the classifier.

  python extract_magika.py --root FOLDER [--root FOLDER ...] --out FOLDER [--files 300] [--classes 60]

The network is the one in PyPI's magika 1.0.3 (Apache-2.0); besides numpy and onnxruntime. It reads the first and the last 1,024 bytes. The class
of a file is the ending of its name: known, and not the network's own answer, which is compared with it in extraction.json. Files of 1 kB to 2
MB under the folders, by SHA-256 of their contents (each content once, so that the order depends on no file system), at most --files a class;
classes with 40 or more, the --classes with the most. Which files there are depends on the machine; `contents` in extraction.json says which
they were.
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib

import numpy
import onnxruntime

from rows import centred, folder_of, one_line, write

HIDDEN = "jax2tf_get_logits_/pjit_get_logits_/MagikaV2/LayerNorm_1/AddV2_1:0"
LEAST = 40
BATCH = 32
BLOCK, ENDS, PADDING = 4096, 1024, 256


def varint(number):
    out = bytearray()
    while number > 127:
        out.append((number & 127) | 128)
        number >>= 7
    return bytes(out + bytes([number]))


def field(number, content):
    return varint((number << 3) | 2) + varint(len(content)) + content


def with_output(model, name):
    """
    Two protobuf messages one after the other are read as one, lists joined. So a message ModelProto.graph (7) with one GraphProto.output (12),
    ValueInfoProto.name (1), of a float tensor (type 2, tensor_type 1, elem_type 1 = 1) makes a hidden tensor an output.
    """
    return model + field(7, field(12, field(1, name.encode()) + field(2, field(1, b"\x08\x01"))))


def features(content):
    """The network's input: both ends, white space at them stripped, padded with 256 to 1,024 each."""
    begin = content[:BLOCK].lstrip()[:ENDS]
    end = content[-BLOCK:].rstrip()[-ENDS:]
    row = numpy.full(2 * ENDS, PADDING, numpy.int32)
    row[: len(begin)] = numpy.frombuffer(begin, numpy.uint8)
    row[2 * ENDS - len(end) :] = numpy.frombuffer(end, numpy.uint8)
    return row


def files_under(roots):
    for root in roots:
        for folder, names, files in os.walk(root):
            names.sort()
            for name in sorted(files):
                path = pathlib.Path(folder, name)
                ending = path.suffix[1:].lower()
                if ending.isalnum() and not ending.isdigit() and path.is_file() and not path.is_symlink():
                    if 1000 <= path.stat().st_size <= 2_000_000:
                        yield ending, path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True, action="append")
    parser.add_argument("--out", required=True)
    parser.add_argument("--files", type=int, default=300, help="at most, of a class")
    parser.add_argument("--classes", type=int, default=60, help="at most")
    given = parser.parse_args()

    found = collections.defaultdict(dict)
    for ending, path in files_under(given.root):
        found[ending].setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    fit = sorted((e for e in found if len(found[e]) >= LEAST), key=lambda e: (-len(found[e]), e))[: given.classes]
    # Shuffled, as the first classes are the ones that are anchored.
    classes = [sorted(fit)[i] for i in numpy.random.default_rng(0).permutation(len(fit))]
    chosen = [(k, digest, found[e][digest]) for k, e in enumerate(classes) for digest in sorted(found[e])[: given.files]]

    folder = folder_of("magika") / "models" / "standard_v3_3"
    kinds = json.loads((folder / "config.min.json").read_text())["target_labels_space"]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(with_output((folder / "model.onnx").read_bytes(), HIDDEN), options)
    answer = session.get_outputs()[0].name
    vectors, answers = [], []
    for first in range(0, len(chosen), BATCH):
        batch = numpy.stack([features(path.read_bytes()) for _, _, path in chosen[first : first + BATCH]])
        hidden, scores = session.run([HIDDEN, answer], {session.get_inputs()[0].name: batch})
        vectors.append(hidden)
        answers += scores.argmax(1).tolist()
    says = collections.defaultdict(collections.Counter)
    for (k, _, _), at in zip(chosen, answers):
        says[classes[k]][kinds[at]] += 1
    contents = hashlib.sha256("".join(digest for _, digest, _ in chosen).encode()).hexdigest()
    labels = [",".join("1" if k == at else "0" for at in range(len(classes))) for k, _, _ in chosen]
    write(
        given.out,
        {"rows": centred(numpy.concatenate(vectors)), "classes": numpy.array([k for k, _, _ in chosen], numpy.int32)},
        {
            "labels.csv": [",".join(classes), *labels],
            "names.txt": [one_line(f"{path.name} [{classes[k]}]") for (k, _, path), at in zip(chosen, answers)],
            "classes.txt": classes,
        },
        {
            "network": "magika 1.0.3, standard_v3_3",
            "rows": len(chosen),
            "classes": len(classes),
            "contents": contents,
            "networkSays": {e: dict(says[e].most_common(3)) for e in sorted(classes)},
        },
    )


main()
