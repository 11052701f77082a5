"""SAEs of 4 to 64 latents, for `bench/given.ts`: python given.py FOLDER (needs sae-lens, minutes).

n unit directions in n/2 dimensions, each on with probability 1.5/n at a strength from 1 to 2. Writes for each SAE a folder that SAELens saved, and beside it
features.json, the directions as an instance.
"""
import json
import pathlib
import sys

import torch
from sae_lens import (JumpReLUTrainingSAE, JumpReLUTrainingSAEConfig, StandardTrainingSAE, StandardTrainingSAEConfig, TopKTrainingSAE,
                      TopKTrainingSAEConfig)
from sae_lens.saes.sae import TrainStepInput

# kind, coefficient (l1, l0) or k, features, latents
SAES = [('relu', 0.05, 6, 4), ('relu', 0.1, 8, 8), ('relu', 0.1, 16, 16), ('relu', 0.2, 24, 24), ('relu', 0.3, 40, 64),
        ('jump', 0.1, 8, 8), ('jump', 0.1, 16, 24), ('jump', 0.3, 32, 48), ('topk', 1, 8, 6), ('topk', 2, 24, 32)]


def sae_of(kind, value, d, latents):
    both = dict(d_in=d, d_sae=latents, dtype='float32', device='cpu', apply_b_dec_to_input=True)
    if kind == 'relu':
        return StandardTrainingSAE(StandardTrainingSAEConfig(**both, l1_coefficient=value)), {'l1': value}
    if kind == 'topk':
        return TopKTrainingSAE(TopKTrainingSAEConfig(**both, k=value)), {}
    return JumpReLUTrainingSAE(JumpReLUTrainingSAEConfig(**both, l0_coefficient=value, jumprelu_init_threshold=0.1,
                                                         jumprelu_bandwidth=0.1)), {'l0': value}


if __name__ == '__main__':
    folder = pathlib.Path(sys.argv[1])
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    torch.set_num_threads(1)
    for kind, value, n, latents in SAES:
        generator = torch.Generator().manual_seed(n)
        torch.manual_seed(1)
        w = torch.nn.functional.normalize(torch.randn(n, n // 2, generator=generator), dim=1)
        sae, coefficient = sae_of(kind, value, n // 2, latents)
        optimizer = torch.optim.Adam(sae.parameters(), lr=3e-3)
        for step in range(steps):
            on = torch.rand(512, n, generator=generator) < 1.5 / n
            x = (on * (1 + torch.rand(512, n, generator=generator))) @ w
            out = sae.training_forward_pass(TrainStepInput(
                sae_in=x, coefficients={key: c * min(1, 10 * step / steps) for key, c in coefficient.items()}, dead_neuron_mask=None,
                n_training_steps=step, is_logging_step=False))
            optimizer.zero_grad(), out.loss.backward(), optimizer.step()
        if kind != 'topk':
            sae.fold_W_dec_norm()
        at = folder / f'{kind}-{n}-{latents}'
        at.mkdir(parents=True, exist_ok=True)
        sae.save_inference_model(at)
        features = [{'label': f'f{d}', 'wp': [format(float(v), '.17g') for v in row]} for d, row in enumerate(w.double())]
        (at / 'features.json').write_text(json.dumps({'format': 'dictum/instance@1', 'name': f'{n} features', 'features': features,
                                                      'activation': {'kind': 'relu'}, 'neurons': latents}))
        print(at.name, f'{out.loss.item():.4f}', flush=True)
