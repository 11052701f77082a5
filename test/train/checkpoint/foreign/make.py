"""
The checkpoints of this folder, made by the libraries themselves, each with what it gives for eight inputs:
NAME/ is what the library saved, NAME.io.safetensors has `x`, `latents` (dense) and `out`.
saelens-words/ is trained, by SAELens, on the 24 vectors of words.json made unit: the first 12 of 300 coordinates of Google News
word2vec, from turbomaze/word2vecjson, data/wordvecs1000.js, MIT.

    pip install sae-lens==6.54.12 eai-sparsify==1.3.3
    SPARSIFY_DISABLE_TRITON=1 python make.py
"""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from sae_lens import (
    SAE,
    GatedSAE,
    GatedSAEConfig,
    JumpReLUSAE,
    JumpReLUSAEConfig,
    StandardSAE,
    StandardSAEConfig,
    TopKSAE,
    TopKSAEConfig,
    Transcoder,
    TranscoderConfig,
)
from sae_lens.saes import (
    BatchTopKTrainingSAE,
    BatchTopKTrainingSAEConfig,
    StandardTrainingSAE,
    StandardTrainingSAEConfig,
)
from sae_lens.saes.sae import TrainStepInput
from sae_lens.saes.transcoder import SkipTranscoder, SkipTranscoderConfig
from sparsify.config import SparseCoderConfig
from sparsify.sparse_coder import SparseCoder

HERE = Path(__file__).parent
D_IN, D_OUT, D_SAE, K = 6, 5, 10, 3


def randomize(model: torch.nn.Module) -> None:
    """Every parameter in use: biases and thresholds start as zeros."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name == "threshold":
                # Some negative: the activation is a ReLU all the same.
                parameter.copy_(torch.linspace(-0.2, 0.6, D_SAE))
            else:
                parameter.copy_(torch.randn_like(parameter) * (0.3 if parameter.ndim == 1 else 1))


def record(name: str, x: torch.Tensor, latents: torch.Tensor, out: torch.Tensor) -> None:
    tensors = {"x": x, "latents": latents, "out": out}
    save_file({key: value.detach().contiguous() for key, value in tensors.items()}, HERE / f"{name}.io.safetensors")


def saelens(name: str, model: SAE, half: bool = False) -> None:
    randomize(model)
    if half:
        model.to(torch.bfloat16)
        model.cfg.dtype = "bfloat16"
    x = torch.randn(8, D_IN)
    model.save_model(HERE / name)
    if half:
        # What the rounded weights give in 32 bits.
        model.to(torch.float32)
        model.dtype = torch.float32
    record(name, x, model.encode(x), model(x))


def sparsify(name: str, transcode: bool) -> None:
    model = SparseCoder(D_IN, SparseCoderConfig(num_latents=D_SAE, k=K, transcode=transcode))
    randomize(model)
    x = torch.randn(8, D_IN)
    model.save_to_disk(HERE / name)
    values, indices, _ = model.encode(x)
    record(name, x, torch.zeros(8, D_SAE).scatter(-1, indices, values), model(x).sae_out)


def words(steps: int = 4000, l1: float = 0.4) -> None:
    torch.manual_seed(3)
    x = torch.tensor(list(json.loads((HERE / "words.json").read_text()).values()))
    x = x / x.norm(dim=1, keepdim=True)
    config = StandardTrainingSAEConfig(
        d_in=x.shape[1], d_sae=16, l1_coefficient=l1, l1_warm_up_steps=0, apply_b_dec_to_input=False
    )
    model = StandardTrainingSAE(config)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for step in range(steps):
        batch = TrainStepInput(
            sae_in=x, coefficients={"l1": l1}, dead_neuron_mask=None, n_training_steps=step, is_logging_step=False
        )
        loss = model.training_forward_pass(batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.save_inference_model(HERE / "saelens-words")
    record("saelens-words", x, model.encode(x), model(x))


torch.manual_seed(1)
size = {"d_in": D_IN, "d_sae": D_SAE}
for folder in HERE.iterdir():
    if folder.is_dir():
        shutil.rmtree(folder)
saelens("saelens-standard", StandardSAE(StandardSAEConfig(**size)))
saelens("saelens-standard-bf16", StandardSAE(StandardSAEConfig(**size, apply_b_dec_to_input=False)), half=True)
saelens("saelens-jumprelu", JumpReLUSAE(JumpReLUSAEConfig(**size)))
saelens("saelens-gated", GatedSAE(GatedSAEConfig(**size)))
saelens("saelens-topk", TopKSAE(TopKSAEConfig(**size, k=K)))
saelens("saelens-topk-rescaled", TopKSAE(TopKSAEConfig(**size, k=K, rescale_acts_by_decoder_norm=True)))
saelens("saelens-layernorm", StandardSAE(StandardSAEConfig(**size, normalize_activations="layer_norm")))
saelens("saelens-transcoder", Transcoder(TranscoderConfig(**size, d_out=D_OUT, apply_b_dec_to_input=False)))
saelens("saelens-skip", SkipTranscoder(SkipTranscoderConfig(**size, d_out=D_OUT, apply_b_dec_to_input=False)))

training = BatchTopKTrainingSAE(BatchTopKTrainingSAEConfig(**size, k=K))
randomize(training)
with torch.no_grad():
    training.topk_threshold.fill_(0.7)
training.save_inference_model(HERE / "saelens-batchtopk")
inference = SAE.load_from_disk(HERE / "saelens-batchtopk")
x = torch.randn(8, D_IN)
record("saelens-batchtopk", x, inference.encode(x), inference(x))

sparsify("sparsify-topk", transcode=False)
sparsify("sparsify-transcode", transcode=True)
words()
