"""
More checkpoints of this folder, each written by its library or, where that is only a release of weights, in the layout of the release; and
what the libraries compute with all of them in 64 bits: NAME.io.safetensors has `x`, `latents` (dense) and `out`. Run after make.py, whose
checkpoints stay as they are and are measured again.

    pip install sae-lens==6.54.0 eai-sparsify==1.3.3 dictionary-learning==0.1.0
    git clone https://github.com/openai/sparse_autoencoder openai            # 4965b94
    git clone https://github.com/jkminder/dictionary_learning minder         # 48debb2
    git clone https://github.com/ckkissane/crosscoder-model-diff-replication kissane   # e221e8d
    SPARSIFY_DISABLE_TRITON=1 python more.py FOLDER_OF_THE_CLONES
"""

import importlib.util
import json
import math
import shutil
import sys
import types
from pathlib import Path

import einops
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from sae_lens import SAE
from sae_lens.loading import pretrained_sae_loaders as loaders
from sae_lens.saes import (
    AbsTopKSAE,
    AbsTopKSAEConfig,
    BatchTopKTrainingSAE,
    BatchTopKTrainingSAEConfig,
    MatryoshkaBatchTopKTrainingSAE,
    MatryoshkaBatchTopKTrainingSAEConfig,
)
from sae_lens.saes.jumprelu_sae import JumpReLUTrainingSAE, JumpReLUTrainingSAEConfig
from sae_lens.saes.matching_pursuit_sae import MatchingPursuitSAE, MatchingPursuitSAEConfig
from sae_lens.saes.temporal_sae import TemporalSAE, TemporalSAEConfig
from sae_lens.saes.transcoder import (
    JumpReLUSkipTranscoder,
    JumpReLUSkipTranscoderConfig,
    JumpReLUTranscoder,
    JumpReLUTranscoderConfig,
)
from sparsify.config import SparseCoderConfig
from sparsify.sparse_coder import SparseCoder

HERE = Path(__file__).parent
CLONES = Path(sys.argv[1])
D_IN, D_OUT, D_SAE, K = 6, 5, 10, 3
LAYERS, D = 2, 3
DOUBLE = torch.float64


def randomize(model: torch.nn.Module) -> None:
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name == "threshold":
                # Some negative: the activation is a ReLU all the same.
                parameter.copy_(torch.linspace(-0.2, 0.6, len(parameter)))
            elif name == "log_threshold":
                parameter.copy_(torch.linspace(-2, 0, len(parameter)))
            else:
                parameter.copy_(torch.randn_like(parameter) * (0.3 if parameter.ndim == 1 else 1))


def inputs(width: int = D_IN) -> torch.Tensor:
    # What 32 bits hold, so that no library sees other inputs than this one.
    return torch.randn(8, width).to(DOUBLE)


def record(name: str, x: torch.Tensor, latents: torch.Tensor, out: torch.Tensor) -> None:
    tensors = {"x": x.flatten(1), "latents": latents, "out": out.flatten(1)}
    for value in tensors.values():
        assert value.dtype == DOUBLE
    save_file({key: value.detach().contiguous() for key, value in tensors.items()}, HERE / f"{name}.io.safetensors")


def fresh(name: str) -> Path:
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


# SAELens

def saelens(name: str, model, inference: bool = False) -> None:
    randomize(model)
    fresh(name)
    (model.save_inference_model if inference else model.save_model)(HERE / name)


def measure_saelens(name: str, training=None) -> None:
    old = HERE / f"{name}.io.safetensors"
    model = training or SAE.load_from_disk(HERE / name)
    model.to(DOUBLE)
    model.dtype = DOUBLE
    x = load_file(old)["x"].to(DOUBLE) if old.exists() else inputs()
    record(name, x, model.encode(x), model(x))


size = {"d_in": D_IN, "d_sae": D_SAE}
torch.manual_seed(2)
saelens("saelens-abstopk", AbsTopKSAE(AbsTopKSAEConfig(**size, k=K)))
saelens("saelens-abstopk-rescaled", AbsTopKSAE(AbsTopKSAEConfig(**size, k=K, rescale_acts_by_decoder_norm=True)))
shape = {**size, "d_out": D_OUT, "apply_b_dec_to_input": False}
saelens("saelens-jumprelu-transcoder", JumpReLUTranscoder(JumpReLUTranscoderConfig(**shape)))
saelens("saelens-jumprelu-skip", JumpReLUSkipTranscoder(JumpReLUSkipTranscoderConfig(**shape)))
saelens("saelens-jumprelu-trained", JumpReLUTrainingSAE(JumpReLUTrainingSAEConfig(**size)), inference=True)
matryoshka = MatryoshkaBatchTopKTrainingSAE(
    MatryoshkaBatchTopKTrainingSAEConfig(**size, k=K, matryoshka_widths=[4, D_SAE])
)
with torch.no_grad():
    matryoshka.topk_threshold.fill_(0.4)
saelens("saelens-matryoshka", matryoshka, inference=True)
batch = BatchTopKTrainingSAE(BatchTopKTrainingSAEConfig(**size, k=K))
saelens("saelens-batchtopk-training", batch)
saelens("saelens-matching-pursuit", MatchingPursuitSAE(MatchingPursuitSAEConfig(**size)))
temporal = TemporalSAEConfig(d_in=4, d_sae=8, n_heads=2, n_attn_layers=1, bottleneck_factor=2, kval_topk=K)
saelens("saelens-temporal", TemporalSAE(temporal))

READ = ["standard", "standard-bf16", "jumprelu", "gated", "topk", "topk-rescaled", "transcoder", "skip", "batchtopk", "words"]
READ += ["abstopk", "abstopk-rescaled", "jumprelu-transcoder", "jumprelu-skip", "jumprelu-trained", "matryoshka"]
for name in READ:
    measure_saelens(f"saelens-{name}")
# As it is trained: among the whole batch.
measure_saelens("saelens-batchtopk-training", batch)


# sparsify

def measure_sparsify(name: str) -> None:
    old = HERE / f"{name}.io.safetensors"
    model = SparseCoder.load_from_disk(HERE / name).to(DOUBLE)
    x = load_file(old)["x"].to(DOUBLE) if old.exists() else inputs()
    values, indices, _ = model.encode(x)
    record(name, x, torch.zeros(8, D_SAE, dtype=DOUBLE).scatter(-1, indices, values), model(x).sae_out)


skip = SparseCoder(D_IN, SparseCoderConfig(num_latents=D_SAE, k=K, transcode=True, skip_connection=True))
randomize(skip)
skip.save_to_disk(fresh("sparsify-skip"))
for name in ["topk", "transcode", "skip"]:
    measure_sparsify(f"sparsify-{name}")


# dictionary_learning

def dictionary_learning() -> None:
    from dictionary_learning.dictionary import AutoEncoder, AutoEncoderNew, GatedAutoEncoder, JumpReluAutoEncoder
    from dictionary_learning.trainers.batch_top_k import BatchTopKSAE
    from dictionary_learning.trainers.matryoshka_batch_top_k import MatryoshkaBatchTopKSAE
    from dictionary_learning.trainers.top_k import AutoEncoderTopK

    def save(name: str, model, **more) -> None:
        randomize(model)
        with torch.no_grad():
            if "threshold" in dict(model.named_buffers()):
                model.threshold.fill_(0.3)
        folder = fresh(f"dictionary-learning-{name}")
        trainer = {"dict_class": type(model).__name__, "activation_dim": D_IN, "dict_size": D_SAE, "lr": 1e-4, **more}
        torch.save(model.state_dict(), folder / "ae.pt")
        (folder / "config.json").write_text(json.dumps({"trainer": trainer, "buffer": {"ctx_len": 128}}, indent=2))
        model.to(DOUBLE)
        x = inputs()
        record(f"dictionary-learning-{name}", x, model.encode(x), model(x))

    save("relu", AutoEncoder(D_IN, D_SAE))
    save("new", AutoEncoderNew(D_IN, D_SAE))
    save("gated", GatedAutoEncoder(D_IN, D_SAE))
    save("jumprelu", JumpReluAutoEncoder(D_IN, D_SAE))
    save("topk", AutoEncoderTopK(D_IN, D_SAE, K), k=K)
    save("batchtopk", BatchTopKSAE(D_IN, D_SAE, K), k=K)
    save("matryoshka", MatryoshkaBatchTopKSAE(D_IN, D_SAE, K, [4, 6]), k=K, group_sizes=[4, 6])


dictionary_learning()


# Gemma Scope and Llama Scope: releases of weights, read by the loaders of SAELens

def through_saelens(name: str, loader, repo: str, folder: str) -> None:
    """Its loader with the files of this folder in place of those it would download."""
    place = HERE / name

    def local(repo_id, filename, subfolder=None, **_):
        path = place.joinpath(*filter(None, [subfolder, filename]))
        return str(place / path.relative_to(place / folder))

    loaders.hf_hub_download = local
    loaders.get_safetensors_tensor_shapes = lambda _, filename: {
        key: list(value.shape) for key, value in load_file(local(repo, filename)).items()
    }
    cfg, state, _ = loader(repo, folder, device="cpu", cfg_overrides={"dtype": "float64", "d_in": D_IN, "d_sae": D_SAE})
    cfg = loaders.handle_config_defaulting(cfg)
    model = SAE.get_sae_class_for_architecture(cfg["architecture"])(
        SAE.get_sae_config_class_for_architecture(cfg["architecture"]).from_dict(cfg)
    )
    model.load_state_dict({key: value.to(DOUBLE) for key, value in state.items()})
    x = inputs()
    return model, x


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(*shape) * (0.3 if len(shape) == 1 else 1)


folder = fresh("gemma-scope")
arrays = {"W_enc": drawn(D_IN, D_SAE), "W_dec": drawn(D_SAE, D_IN), "b_enc": drawn(D_SAE), "b_dec": drawn(D_IN)}
arrays["threshold"] = torch.linspace(0.05, 0.6, D_SAE)
np.savez(folder / "params.npz", **{key: value.numpy() for key, value in arrays.items()})
model, x = through_saelens("gemma-scope", loaders.gemma_2_sae_huggingface_loader, "gemma-scope-2b-pt-res", "layer_3/width_16k")
record("gemma-scope", x, model.encode(x), model(x))

folder = fresh("gemma-scope-2")
tensors = {
    "w_enc": drawn(D_IN, D_SAE),
    "w_dec": drawn(D_SAE, D_IN),
    "b_enc": drawn(D_SAE),
    "b_dec": drawn(D_IN),
    "threshold": torch.linspace(0.05, 0.6, D_SAE),
    "affine_skip_connection": drawn(D_IN, D_IN),
}
save_file(tensors, folder / "params.safetensors")
config = {"architecture": "jump_relu", "model_name": "google/gemma-3-1b-pt", "affine_connection": True}
(folder / "config.json").write_text(json.dumps(config))
model, x = through_saelens("gemma-scope-2", loaders.gemma_3_sae_huggingface_loader, "gemma-scope-2-1b-pt", "transcoder/layer_3_affine")
record("gemma-scope-2", x, model.encode(x), model(x))

folder = fresh("llama-scope")
(folder / "checkpoints").mkdir()
decoder = drawn(D_IN, D_SAE)
tensors = {
    "encoder.weight": drawn(D_SAE, D_IN),
    "encoder.bias": drawn(D_SAE),
    "decoder.weight": decoder / decoder.norm(dim=0, keepdim=True),
    "decoder.bias": drawn(D_IN),
}
save_file({key: value.contiguous().to(torch.bfloat16) for key, value in tensors.items()}, folder / "checkpoints/final.safetensors")
hyperparams = {
    "act_fn": "jumprelu",
    "jump_relu_threshold": 0.52734375,
    "d_model": D_IN,
    "d_sae": D_SAE,
    "norm_activation": "dataset-wise",
    "dataset_average_activation_norm": {"in": 1.703125, "out": 1.703125},
    "use_decoder_bias": True,
    "apply_decoder_bias_to_pre_encoder": False,
    "use_glu_encoder": False,
    "sparsity_include_decoder_norm": True,
    "top_k": 50,
    "hook_point_in": "blocks.0.hook_resid_post",
    "hook_point_out": "blocks.0.hook_resid_post",
}
(folder / "hyperparams.json").write_text(json.dumps(hyperparams, indent=2))
factor = math.sqrt(D_IN) / 1.703125
model, x = through_saelens("llama-scope", loaders.llama_scope_sae_huggingface_loader, "fnlp/Llama3_1-8B-Base-LXR-8x", "Llama3_1-8B-Base-L0R-8x")
model.fold_activation_norm_scaling_factor(factor)
# SAELens multiplies W_enc, the library of the release divides the biases: its latents are smaller by the factor.
record("llama-scope", x, model.encode(x) / factor, model(x))


# OpenAI

def module(name: str, path: Path, package: bool = False):
    where = [str(path.parent)] if package else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=where)
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


openai = module("openai_model", CLONES / "openai/sparse_autoencoder/model.py")
model = openai.Autoencoder(D_SAE, D_IN)
randomize(model)
torch.save(model.state_dict(), fresh("openai-relu") / "0.pt")
model.to(DOUBLE)
x = inputs()
latents, info = model.encode(x)
record("openai-relu", x, latents, model.decode(latents, info))
model = openai.Autoencoder(D_SAE, D_IN, activation=openai.TopK(K), normalize=True)
torch.save(model.state_dict(), fresh("openai-topk") / "0.pt")


# Crosscoders

minder = module("minder", CLONES / "minder/dictionary_learning/__init__.py", package=True)
model = minder.CrossCoder(D, D_SAE, LAYERS, target_rms=1.0)
randomize(model)
torch.save(model.state_dict(), fresh("crosscoder-minder") / "ae.pt")
model.to(DOUBLE)
x = inputs(LAYERS * D).reshape(8, LAYERS, D)
record("crosscoder-minder", x, model.encode(x), model(x))

# Its `from utils import *` brings these; the rest is for language models.
sys.modules["utils"] = types.ModuleType("utils")
sys.modules["utils"].__dict__.update(torch=torch, einops=einops, Path=Path, json=json, np=np)
kissane = module("kissane", CLONES / "kissane/crosscoder.py")
settings = {"dict_size": D_SAE, "d_in": D, "enc_dtype": "fp32", "seed": 1, "dec_init_norm": 0.1, "device": "cpu"}
model = kissane.CrossCoder(settings)
randomize(model)
torch.save(model.state_dict(), fresh("crosscoder-kissane") / "0.pt")
model.to(DOUBLE)
x = inputs(2 * D).reshape(8, 2, D)
record("crosscoder-kissane", x, model.encode(x), model(x))
