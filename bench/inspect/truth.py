"""`dictum inspect` against fresh draws: python truth.py FOLDER (as saes.py made it), in a checkout that is built. Prints one row a model.

absorbed: the verdicts of --features, true where over the draws the latent found most with the parent alone is found less than half as often
with the child, or is less than half as strong there. labels: verdicts from labels alone that agree with those
(own: of Top-k the verdicts are those from labels). detects: latents on at exactly
the atoms of one feature, and their F1 with it over the draws. rare: latents said to need two (three) features, true where on in fewer than 1
of 1000 draws; never: latents off in 4096 rows, true where off in all draws.
"""
import json
import pathlib
import subprocess
import sys

import numpy
import torch
from saes import NAMES, PARENT_OF, SAES, draw
from safetensors.numpy import load_file

DRAWS = 200_000
folder = pathlib.Path(sys.argv[1])
root = pathlib.Path(__file__).resolve().parents[2]
w = numpy.array([[float(x) for x in f['wp']] for f in json.loads((folder / 'directions.json').read_text())['features']])
numpy.save(folder / 'short.npy', numpy.load(folder / 'data.npy')[:4096])
codes = draw(DRAWS, torch.Generator().manual_seed(99)).numpy()
has = codes > 0


def inspect(*args):
    return json.loads(subprocess.run(['node', root / 'dist/src/commands/main.js', 'inspect', *args, '--json'], check=True, capture_output=True).stdout)


def activations(path):
    t = {k: v.astype(numpy.float64) for k, v in load_file(path / 'sae_weights.safetensors').items()}
    cfg = json.loads((path / 'cfg.json').read_text())
    x = codes.astype(numpy.float64) @ w
    z = (x - t['b_dec'] * cfg.get('apply_b_dec_to_input', True)) @ t['W_enc'] + t['b_enc']
    if 'threshold' in t:
        return numpy.where(z > numpy.maximum(t['threshold'], 0), z, 0)
    z = numpy.maximum(z, 0)
    if cfg.get('k'):
        v = z * numpy.linalg.norm(t['W_dec'], axis=1) if cfg.get('rescale_acts_by_decoder_norm') else z
        z[v < numpy.sort(v, axis=1)[:, [-cfg['k']]]] = 0
    return z


def counts(said, true):
    return f'{len(said & true)}/{len(said - true)}/{len(true - said)}'


print('model    absorbed TP/FP/FN  labels  detects  F1 mean, min  wake>=2 prec/rec  wake>=3  never in 4096: prec (never)')
for name in SAES:
    acts = activations(folder / name)
    on = acts > 0
    rate = on.mean(0)
    atoms = inspect(folder / name, '--features', folder / 'directions.json', '--data', folder / 'data.npy', '--labels', folder / 'labels.csv')
    truth = set()
    for c, p in PARENT_OF.items():
        alone = has[:, p] & ~has[:, [k for k, q in PARENT_OF.items() if q == p]].any(1)
        f1 = 2 * (on & has[:, [p]]).sum(0) / (on.sum(0) + has[:, p].sum() + 1e-9)
        found = on[alone].mean(0)
        best = int(numpy.argmax(numpy.where(found > 0.5, acts[alone].mean(0), 0)))
        if found[best] <= 0.5:
            continue
        beside = on[has[:, c]].mean(0)[best]
        strength = acts[has[:, c], best].mean() / acts[alone, best].mean()
        if beside < found[best] / 2 or strength < 0.5:
            truth.add((NAMES[p], NAMES[c]))
    verdict = {(b['parent'], b['child']): b['verdict'] for b in atoms['absorption']}
    labels = {(b['parent'], b['child']): b['verdict'] for b in atoms['absorptionByLabels']}
    said = {pair for pair, v in verdict.items() if v == 'absorbed'}
    same = sum((v == 'absorbed') == (labels.get(pair) == 'absorbed') for pair, v in verdict.items())
    exact = {l['latent']: NAMES.index(l['exactly']['feature']) for l in atoms['latents'] if 'exactly' in l}
    f1 = [2 * (on[:, i] & has[:, j]).sum() / (on[:, i].sum() + has[:, j].sum()) for i, j in exact.items()]
    rare = set(numpy.flatnonzero(rate < 1e-3))
    row = [name.ljust(8), counts(said, truth).ljust(18), (f'{same}/36' if labels else 'own').ljust(7), str(len(exact)).ljust(8), (f'{numpy.mean(f1):.3f}, {min(f1):.3f}' if f1 else '-').ljust(13)]
    for least in (2, 3):
        few = {l['latent'] for l in atoms['latents'] if l['trees'] is None or l['trees'] >= least}
        row.append((f'{len(few & rare) / len(few):.2f}/{len(few & rare) / max(1, len(rare)):.2f} ({len(few)})' if few else '-').ljust(17 if least == 2 else 8))
    off = {l['latent'] for l in inspect(folder / name, '--data', folder / 'short.npy')['latents'] if l['rows'] == 0}
    row.append(f'{len([i for i in off if rate[i] == 0])}/{len(off)}')
    print('  '.join(row), flush=True)
