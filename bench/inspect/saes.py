"""Known features and SAEs trained on them, for `bench/inspect/truth.py`: python saes.py FOLDER (needs sae-lens, about five minutes).

12 parents x 3 children + 16 plain features = 64 directions in 32 dimensions. Each of the 28 roots is on with probability 0.06, at a strength
from 1 to 2; a parent is alone in 35% of its rows, else with one child (35, 20, 10%). Writes per SAE a folder that SAELens saved, and for all
of them directions.json (an instance), data.npy and labels.csv (10,000 rows), hierarchy.csv.
"""
import json
import pathlib
import sys

import numpy
import torch
from sae_lens import (JumpReLUTrainingSAE, JumpReLUTrainingSAEConfig, StandardTrainingSAE, StandardTrainingSAEConfig, TopKTrainingSAE,
                      TopKTrainingSAEConfig)
from sae_lens.saes.sae import TrainStepInput

PARENTS, CHILDREN, PLAIN, D, LATENTS = 12, 3, 16, 32, 96
N = PARENTS * (1 + CHILDREN) + PLAIN
NAMES = [f'p{p}' for p in range(PARENTS)] + [f'c{p}.{c}' for p in range(PARENTS) for c in range(CHILDREN)] + [f'f{j}' for j in range(PLAIN)]
PARENT_OF = {PARENTS + p * CHILDREN + c: p for p in range(PARENTS) for c in range(CHILDREN)}


def directions(seed):
    """Unit vectors whose |cosines| are made small: both signs, so that no two end up opposite."""
    w = torch.nn.functional.normalize(torch.randn(N, D, generator=torch.Generator().manual_seed(seed)), dim=1).requires_grad_()
    optimizer = torch.optim.Adam([w], lr=0.003)
    for _ in range(6000):
        unit = torch.nn.functional.normalize(w, dim=1)
        cosines = (unit @ unit.T - torch.eye(N)).abs()
        loss = (cosines ** 12).sum()
        optimizer.zero_grad(), loss.backward(), optimizer.step()
    return torch.nn.functional.normalize(w, dim=1).detach()


def draw(rows, generator):
    """Strengths of the features, rows x N."""
    roots = torch.cat([torch.arange(PARENTS), torch.arange(N - PLAIN, N)])
    on = torch.rand(rows, len(roots), generator=generator) < 0.06
    strength = 1 + torch.rand(rows, N, generator=generator)
    codes = torch.zeros(rows, N)
    codes[:, roots] = on * strength[:, roots]
    which = torch.bucketize(torch.rand(rows, PARENTS, generator=generator), torch.tensor([0.35, 0.70, 0.90]))
    for child, parent in PARENT_OF.items():
        taken = on[:, parent] & (which[:, parent] == 1 + (child - PARENTS) % CHILDREN)
        codes[:, child] = taken * strength[:, child]
    return codes


def train(name, sae, coefficient, w, steps, seed=0):
    generator = torch.Generator().manual_seed(1000 + seed)
    optimizer = torch.optim.Adam(sae.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, (s + 1) / 200, max(0.02, (steps - s) / (0.3 * steps))))
    for step in range(steps):
        x = draw(1024, generator) @ w
        out = sae.training_forward_pass(TrainStepInput(
            sae_in=x, coefficients={key: value * min(1, step / (0.1 * steps)) for key, value in coefficient.items()},
            dead_neuron_mask=None, n_training_steps=step, is_logging_step=False))
        optimizer.zero_grad(), out.loss.backward(), optimizer.step(), schedule.step()
    print(name, f'{out.loss.item():.4f}', flush=True)


def sae_of(kind, value):
    both = dict(d_in=D, d_sae=LATENTS, dtype='float32', device='cpu', apply_b_dec_to_input=True)
    if kind == 'relu':
        return StandardTrainingSAE(StandardTrainingSAEConfig(**both, l1_coefficient=value)), {'l1': value}
    if kind == 'topk':
        return TopKTrainingSAE(TopKTrainingSAEConfig(**both, k=value)), {}
    return JumpReLUTrainingSAE(JumpReLUTrainingSAEConfig(**both, l0_coefficient=value, jumprelu_init_threshold=0.1,
                                                         jumprelu_bandwidth=0.1)), {'l0': value}


SAES = {'relu': ('relu', 0.03), 'relu8': ('relu', 0.08), 'relu15': ('relu', 0.15), 'topk': ('topk', 3), 'jump': ('jump', 0.05),
        'jump15': ('jump', 0.15), 'jump4': ('jump', 0.4)}

if __name__ == '__main__':
    folder = pathlib.Path(sys.argv[1])
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 6000
    folder.mkdir(exist_ok=True)
    torch.manual_seed(0)
    w = directions(0)
    print('largest |cosine|', f'{(w @ w.T - torch.eye(N)).abs().max():.3f}', flush=True)
    exact = [[format(float(x), '.17g') for x in row] for row in w.double()]
    hierarchy = [{'parent': NAMES[p], 'children': [NAMES[c] for c, q in PARENT_OF.items() if q == p]} for p in range(PARENTS)]
    (folder / 'directions.json').write_text(json.dumps({
        'format': 'dictum/instance@1', 'name': 'trees', 'features': [{'label': n, 'wp': row} for n, row in zip(NAMES, exact)],
        'activation': {'kind': 'relu'}, 'neurons': LATENTS, 'hierarchy': hierarchy}))
    codes = draw(10_000, torch.Generator().manual_seed(7))
    numpy.save(folder / 'data.npy', (codes @ w).numpy())
    numpy.savetxt(folder / 'labels.csv', (codes > 0).numpy().astype(int), fmt='%d', delimiter=',', header=','.join(NAMES), comments='')
    (folder / 'hierarchy.csv').write_text('child,parent\n' + ''.join(f'{NAMES[c]},{NAMES[p]}\n' for c, p in PARENT_OF.items()))
    for name, (kind, value) in SAES.items():
        torch.manual_seed(1)
        sae, coefficient = sae_of(kind, value)
        train(name, sae, coefficient, w, steps)
        sae.fold_W_dec_norm() if kind != 'topk' else None
        sae.save_inference_model(folder / name)
