"""
How many latents of a dictionary drawn at random are never on, before any training: with a mean that all rows share, those that point away from
it are never among the largest.

  python asleep.py ROWS.npy [--latents 8] [--k 32] [--rows 10240]

`--latents` a dimension; directions are normal, of length 1; Top-k over the first rows.
"""

import argparse

import numpy

parser = argparse.ArgumentParser()
parser.add_argument("file")
parser.add_argument("--latents", type=int, default=8)
parser.add_argument("--k", type=int, default=32)
parser.add_argument("--rows", type=int, default=10240)
given = parser.parse_args()
rows = numpy.load(given.file)[: given.rows]
width = rows.shape[1]
directions = numpy.random.default_rng(0).standard_normal((given.latents * width, width)).astype(numpy.float32)
directions /= numpy.linalg.norm(directions, axis=1, keepdims=True)
on = numpy.zeros(len(directions), int)
for first in range(0, len(rows), 1024):
    values = rows[first : first + 1024] @ directions.T
    largest = numpy.argpartition(-values, given.k, axis=1)[:, : given.k]
    on += numpy.bincount(largest.ravel(), minlength=len(directions))
mean = rows.mean(0)
share = (mean**2).sum() / (rows**2).sum(1).mean()
print(f"{given.file}: {len(rows)} rows, {share:.1%} of their squared length in the mean; {(on == 0).mean():.2%} never on")
