"""
Checkpoints of many kinds, each saved by the library itself, with what the library computes with it in float64:
OUT/NAME/ has the checkpoint as saved, x.npy (and y.npy: targets of a transcoder), data.json and expected.json.
bench/foreign/compare.ts then runs `dictum metrics` on each.

    pip install sae-lens==6.54.0 eai-sparsify==1.3.0 dictionary-learning==0.1.0
    SPARSIFY_DISABLE_TRITON=1 python bench/foreign/make.py OUT
    npx tsx bench/foreign/compare.ts OUT

`--small` makes only the few that test/train/metrics/measured keeps.
"""

import argparse
import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from sae_lens import (
    SAE,
    GatedSAE,
    GatedSAEConfig,
    JumpReLUSAE,
    JumpReLUSAEConfig,
    JumpReLUTranscoder,
    JumpReLUTranscoderConfig,
    StandardSAE,
    StandardSAEConfig,
    StandardTrainingSAE,
    StandardTrainingSAEConfig,
    TopKSAE,
    TopKSAEConfig,
    Transcoder,
    TranscoderConfig,
)
from sae_lens.evals import ExplainedVarianceCalculator
from sae_lens.saes import BatchTopKTrainingSAE, BatchTopKTrainingSAEConfig
from sae_lens.saes.sae import TrainStepInput
from sparsify.config import SparseCoderConfig
from sparsify.sparse_coder import SparseCoder

DOUBLE = torch.float64


def random_weights(model: torch.nn.Module, scale: float = 1) -> None:
    """Every parameter in use: biases and thresholds start as zeros."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name == "threshold":
                # Some negative: the activation is a ReLU all the same.
                parameter.copy_(torch.linspace(-0.2, 1.5, len(parameter)))
            elif name == "r_mag":
                parameter.copy_(torch.randn_like(parameter) * 0.4)
            else:
                parameter.copy_(torch.randn_like(parameter) * (0.3 if parameter.ndim == 1 else scale / parameter.shape[-1] ** 0.5))


def rows(count: int, columns: int, mean: float, dtype: torch.dtype) -> torch.Tensor:
    x = torch.randn(count, columns, dtype=DOUBLE) * (1 + torch.rand(columns, dtype=DOUBLE))
    return (x + mean * (1 + torch.rand(columns, dtype=DOUBLE))).to(dtype)


def figures(acts: torch.Tensor, out: torch.Tensor, y: torch.Tensor, fvu: float) -> dict:
    on = (acts > 0).double()
    share = on.mean(0)
    return {
        "inputs": len(y),
        "fvu": fvu,
        "error": (y - out).pow(2).sum(-1).mean().item(),
        "l0": on.sum(-1).mean().item(),
        "dead": (share == 0).double().mean().item(),
        "dense": (share > 0.1).double().mean().item(),
    }


def tied(ranked: torch.Tensor, k: int) -> bool:
    """Whether some k-th and (k+1)-th are nearly one: then rounding picks."""
    if k >= ranked.shape[-1]:
        return False
    top = ranked.topk(k + 1, dim=-1).values
    return bool(((top[:, -2] - top[:, -1] < 1e-9) & (top[:, -2] > 0)).any())


class Writer:
    def __init__(self, out: Path):
        self.out = out
        self.count = 0

    def put(self, name: str, x: torch.Tensor, y: torch.Tensor | None, figures_: dict, batch: int = 64) -> None:
        at = self.out / name
        np.save(at / "x.npy", x.numpy())
        data = {"kind": "activations", "inputs": "x.npy"}
        if y is not None:
            np.save(at / "y.npy", y.numpy())
            data["targets"] = "y.npy"
        config = {"format": "dictum/train@1", "data": data, "method": {"kind": "relu", "l1": 0}, "neurons": 1, "batch": batch}
        (at / "data.json").write_text(json.dumps(config))
        (at / "expected.json").write_text(json.dumps(figures_))
        self.count += 1

    def saelens(self, name: str, model: SAE, x: torch.Tensor, y: torch.Tensor | None = None, dtype: torch.dtype = torch.float32) -> None:
        model.to(dtype)
        model.save_model(self.out / name)
        again = SAE.load_from_disk(self.out / name, dtype="float64")
        with torch.no_grad():
            acts, out = again.encode(x.double()), again(x.double())
            target = (x if y is None else y).double()
            if isinstance(again, TopKSAE):
                z = (x.double() - again.b_dec * again.cfg.apply_b_dec_to_input) @ again.W_enc + again.b_enc
                ranked = z * again.W_dec.norm(dim=-1) if again.cfg.rescale_acts_by_decoder_norm else z
                assert not tied(ranked, again.cfg.k), name
        # SAELens' own figure is a difference of sums: right only where the mean is small.
        calculator = ExplainedVarianceCalculator()
        calculator.add_batch(sae_output=out, hidden_acts=target)
        fvu = centred(out, target)
        assert target.abs().max() > 1e3 or abs(1 - calculator.compute() - fvu) < 1e-9 * max(1, fvu), name
        self.put(name, x, y, figures(acts, out, target, fvu))

    def sparsify(self, name: str, model: SparseCoder, x: torch.Tensor, y: torch.Tensor | None = None) -> None:
        model.save_to_disk(self.out / name)
        again = SparseCoder.load_from_disk(self.out / name).double()
        with torch.no_grad():
            result = again(x.double(), None if y is None else y.double())
            values, indices, pre = again.encode(x.double())
            assert not tied(pre, again.cfg.k), name
            acts = torch.zeros(len(x), again.num_latents, dtype=DOUBLE).scatter(-1, indices, values)
        target = (x if y is None else y).double()
        self.put(name, x, y, figures(acts, result.sae_out, target, result.fvu.item()))


def centred(out: torch.Tensor, y: torch.Tensor) -> float:
    return ((y - out).pow(2).sum() / (y - y.mean(0)).pow(2).sum()).item()


def trained(d_in: int, d_sae: int, x: torch.Tensor, steps: int = 400) -> StandardTrainingSAE:
    model = StandardTrainingSAE(StandardTrainingSAEConfig(d_in=d_in, d_sae=d_sae, l1_coefficient=0.1, l1_warm_up_steps=0))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for step in range(steps):
        batch = TrainStepInput(
            sae_in=x, coefficients={"l1": 0.1}, dead_neuron_mask=None, n_training_steps=step, is_logging_step=False
        )
        loss = model.training_forward_pass(batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


def everything(to: Writer, small: bool) -> None:
    sizes = [(5, 8, 24)] if small else [(6, 10, 100), (24, 96, 333), (64, 256, 700)]
    for d_in, d_sae, count in sizes:
        size = {"d_in": d_in, "d_sae": d_sae}
        k = max(2, d_sae // 12)
        tag = f"{d_in}x{d_sae}"
        for bias in (True, False):
            name = f"{tag}-{'subtract' if bias else 'keep'}"
            common = {**size, "apply_b_dec_to_input": bias}
            for kind, make in (
                ("standard", lambda: StandardSAE(StandardSAEConfig(**common))),
                ("jumprelu", lambda: JumpReLUSAE(JumpReLUSAEConfig(**common))),
                ("gated", lambda: GatedSAE(GatedSAEConfig(**common))),
                ("topk", lambda: TopKSAE(TopKSAEConfig(**common, k=k, rescale_acts_by_decoder_norm=bias))),
            ):
                model = make()
                random_weights(model)
                # A file of 64-bit numbers where nothing is subtracted, of bfloat16 for the gated ones.
                dtype = torch.bfloat16 if kind == "gated" and bias else torch.float32 if bias else DOUBLE
                to.saelens(f"saelens-{kind}-{name}", model, rows(count, d_in, 0, torch.float32 if bias else DOUBLE), None, dtype)
        if not small or d_in == 5:
            model = StandardSAE(StandardSAEConfig(**size))
            random_weights(model)
            x = rows(count, d_in, 1e6, DOUBLE)
            with torch.no_grad():
                model.b_dec.copy_(x.mean(0).float())
            to.saelens(f"saelens-mean-{tag}", model, x)
        for kind, make in (
            ("transcoder", lambda: Transcoder(TranscoderConfig(**size, d_out=d_in + 2, apply_b_dec_to_input=False))),
            ("jumprelu_transcoder", lambda: JumpReLUTranscoder(JumpReLUTranscoderConfig(**size, d_out=d_in + 2, apply_b_dec_to_input=False))),
        ):
            model = make()
            random_weights(model)
            to.saelens(f"saelens-{kind}-{tag}", model, rows(count, d_in, 0, torch.float32), rows(count, d_in + 2, 1, torch.float32))
        training = BatchTopKTrainingSAE(BatchTopKTrainingSAEConfig(**size, k=k))
        random_weights(training)
        with torch.no_grad():
            training.topk_threshold.fill_(0.7)
        at = to.out / f"saelens-batchtopk-{tag}"
        training.save_inference_model(at)
        to.saelens(at.name, SAE.load_from_disk(at), rows(count, d_in, 0, torch.float32))
        for transcode in (False, True):
            model = SparseCoder(d_in, SparseCoderConfig(num_latents=d_sae, k=k, transcode=transcode))
            random_weights(model)
            x = rows(count, d_in, 0, torch.float32)
            y = rows(count, d_in, 0.5, torch.float32) if transcode else None
            to.sparsify(f"sparsify-{'transcode' if transcode else 'topk'}-{tag}", model, x, y)
        if not small:
            x = rows(count, d_in, 0, torch.float32)
            model = trained(d_in, d_sae, x)
            at = to.out / f"saelens-trained-{tag}"
            model.save_inference_model(at)
            to.saelens(at.name, SAE.load_from_disk(at), x)
            model = SparseCoder(d_in, SparseCoderConfig(num_latents=d_sae, k=k))
            random_weights(model)
            x = rows(count, d_in, 1e4, DOUBLE)
            with torch.no_grad():
                model.b_dec.copy_(x.mean(0).float())
            to.sparsify(f"sparsify-mean-{tag}", model, x)
        auto_encoder(to, f"dictionary_learning-{tag}", d_in, d_sae, rows(count, d_in, 0, torch.float32))


def auto_encoder(to: Writer, name: str, d_in: int, d_sae: int, x: torch.Tensor) -> None:
    # The one module: the package imports what runs language models.
    path = Path(importlib.util.find_spec("dictionary_learning").origin).parent / "dictionary.py"
    spec = importlib.util.spec_from_file_location("dictionary", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.AutoEncoder(d_in, d_sae)
    random_weights(model)
    (to.out / name).mkdir()
    save_file({key: value.detach().contiguous() for key, value in model.state_dict().items()}, to.out / name / "ae.safetensors")
    model = model.double()
    with torch.no_grad():
        out, acts = model(x.double(), output_features=True)
    target = x.double()
    to.put(name, x, None, figures(acts, out, target, centred(out, target)))


parser = argparse.ArgumentParser()
parser.add_argument("out", type=Path)
parser.add_argument("--small", action="store_true")
arguments = parser.parse_args()
torch.manual_seed(5)
if arguments.out.exists():
    shutil.rmtree(arguments.out)
arguments.out.mkdir(parents=True)
writer = Writer(arguments.out)
everything(writer, arguments.small)
print(f"{writer.count} checkpoints in {arguments.out}")
