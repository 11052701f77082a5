#!/usr/bin/env python3
"""Asks SAE libraries for the values of the oracle: which of them differ from their own definition, and where?

    python3 conformance/run.py [LIBRARY...] [--into results.json]   # those that are installed, or those named
    python3 conformance/run.py --table results.json                 # the table of README.md

Only public functions and classes of the libraries are called. They compute in 64-bit floats where they can; a value may be off by 1e-6,
relative to the largest entry of its array, and by 1e-4 where the library itself rounds to 32 bits. A row of the results has "gap", the
largest relative difference, and "agrees". What a library does not expose is said to be so.
"""
import argparse
import contextlib
import importlib
import importlib.metadata
import io
import json
import os
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

# Its kernels need a GPU; this is its own switch.
os.environ.setdefault("SPARSIFY_DISABLE_TRITON", "1")

CASES = Path(__file__).parent / "cases"
DOUBLE, SINGLE = 1e-6, 1e-4


def floats(value):
    if isinstance(value, str):
        return float(Fraction(value))
    if isinstance(value, dict):
        return {k: floats(v) for k, v in value.items()}
    return [floats(v) for v in value]


class Case:
    def __init__(self, name):
        import torch

        document = json.loads((CASES / f"{name}.json").read_text())
        self.name = name
        model = document["model"]
        self.subtracts = model["subtracts"]
        self.w = {k: torch.tensor(floats(v), dtype=torch.float64) for k, v in model["weights"].items()}
        self.x = torch.tensor(floats(model["inputs"]), dtype=torch.float64)
        self.own = {k: float(Fraction(v)) if isinstance(v, str) else v for k, v in model["settings"].items()}
        self.d, self.n = self.w["we"].shape[1], self.w["we"].shape[0]
        truth = model.get("truth", {"directions": [], "active": []})
        self.directions, self.active = floats(truth["directions"]), truth["active"]
        self.values = {q["name"]: floats(q["value"]) for q in document["quantities"]}
        self.dead = torch.zeros(self.n, dtype=torch.bool)
        self.dead[self.own.get("dead", [])] = True


def listed(value):
    return value.detach().tolist() if hasattr(value, "detach") else value


def flat(value):
    if isinstance(value, list):
        return [x for part in value for x in flat(part)]
    return [float(value)]


def gap(found, exact):
    """Largest difference relative to the largest entry."""
    a, b = flat(listed(found)), flat(exact)
    if len(a) != len(b):
        raise ValueError(f"{len(a)} numbers instead of {len(b)}")
    return max(abs(x - y) if x == x else float("inf") for x, y in zip(a, b)) / (max(map(abs, b)) or 1.0)


def shown(value):
    numbers = flat(listed(value))
    return " ".join(f"{x:.6g}" for x in numbers) if len(numbers) <= 4 else ""


class Library:
    """Where the answers of one library go."""

    def __init__(self, name, package):
        self.name, self.version = name, importlib.metadata.version(package)
        self.rows = []

    def says(self, case, quantity, answer, single=False, where="", exact=None):
        """`answer` is called; `where` tells two ways to the same quantity apart; of a gradient all parameters found are compared."""
        exact = case.values[quantity] if exact is None else exact
        row = {"case": case.name, "quantity": quantity, **({"where": where} if where else {})}
        self.rows.append(row)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                found = answer()
        except Exception as error:  # what a library throws is what it answers
            row.update(agrees=False, raises=f"{type(error).__name__}: {str(error).splitlines()[0][:90]}")
            return
        limit = SINGLE if single else DOUBLE
        if isinstance(exact, dict):
            gaps = {k: gap(v, exact[k]) for k, v in found.items()}
            row.update(gap=max(gaps.values()), parts={k: v for k, v in gaps.items() if v > limit})
        else:
            row.update(gap=gap(found, exact))
            if row["gap"] > limit and shown(found):
                row.update(found=shown(found), exact=shown(exact))
        row.update(agrees=row["gap"] <= limit, limit=limit)

    def silent(self, what):
        self.rows.extend({"case": case, "quantity": quantity, "exposed": False} for case, quantity in what)


def gradients(loss, parameters):
    """d loss / d each; a parameter that the loss does not reach has 0."""
    import torch

    parts = torch.autograd.grad(loss, [p for p, _ in parameters.values()], allow_unused=True)
    return {
        name: turn(torch.zeros_like(p) if g is None else g)
        for (name, (p, turn)), g in zip(parameters.items(), parts, strict=True)
    }


same, turned = (lambda g: g), (lambda g: g.T)


def embedding(x):
    """A model whose activations at `hook` are the inputs themselves: token t has row t."""
    import torch
    from transformer_lens.hook_points import HookedRootModule, HookPoint

    class Embedding(HookedRootModule):
        def __init__(self):
            super().__init__()
            self.hook = HookPoint()
            self.setup()

        def forward(self, tokens, **_):
            return self.hook(x[tokens])

    class Tokens:
        normalize_activations = "none"  # read by SAELens 5

        def __init__(self, batches):
            self.batches = iter(batches)

        def get_batch_tokens(self, _):
            return next(self.batches)

    everything = torch.arange(len(x))
    ways = {"one batch": [everything.view(2, -1)], "two batches": [t.view(1, -1) for t in everything.chunk(2)]}
    return Embedding(), {name: (Tokens(batches), len(batches)) for name, batches in ways.items()}


MEASURED = {
    "mse": "mse",
    "explained_variance": "explained_variance",
    "explained_variance_legacy": "explained_variance_legacy",
    "l0": "l0",
    "l1": "l1",
    "cosine": "cossim",
    "l2_ratio": "l2_ratio",
    "relative_reconstruction_bias": "relative_reconstruction_bias",
}


def measured(lib, case, sae, function, *more):
    model, ways = embedding(case.x)
    for way, (store, batches) in ways.items():
        metrics, features = {}, {}
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                metrics, features = function(
                    sae,
                    model,
                    store,
                    *more,
                    n_batches=batches,
                    compute_l2_norms=True,
                    compute_sparsity_metrics=True,
                    compute_variance_metrics=True,
                    compute_featurewise_density_statistics=True,
                    eval_batch_size_prompts=1,
                    model_kwargs={},
                )
        except Exception as error:
            lib.rows.append({"case": case.name, "quantity": "all", "where": way, "agrees": False, "raises": repr(error)[:120]})
            continue
        for quantity, name in MEASURED.items():
            lib.says(case, quantity, lambda name=name: metrics[name], where=way)
        lib.says(case, "density", lambda: features["feature_density"], single=True, where=way)


def saelens(lib):
    major = int(lib.version.split(".")[0])
    if major < 6:
        return saelens5(lib)
    import sae_lens.saes as saes
    from sae_lens.evals import get_sparsity_and_variance_metrics
    from sae_lens.saes.sae import SAEMetadata, TrainStepInput
    from sae_lens.training.activation_scaler import ActivationScaler

    def made(case, kind, **settings):
        config = getattr(saes, f"{kind}Config")(
            d_in=case.d,
            d_sae=case.n,
            dtype="float64",
            device="cpu",
            apply_b_dec_to_input=case.subtracts,
            normalize_activations="none",
            metadata=SAEMetadata(hook_name="hook"),
            **settings,
        )
        sae = getattr(saes, kind)(config)
        names = {"we": ("W_enc", turned), "be": ("b_enc", same), "wd": ("W_dec", same), "bd": ("b_dec", same)}
        if "r_mag" in case.w:
            names |= {"be": ("b_gate", same), "r_mag": ("r_mag", same), "b_mag": ("b_mag", same)}
        if "theta" in case.w:
            names["theta"] = ("threshold" if "threshold" in dict(sae.named_parameters()) else "log_threshold", same)
        parameters = {}
        for of, (name, turn) in names.items():
            parameter = getattr(sae, name)
            value = case.w[of].log() if name == "log_threshold" else turn(case.w[of])
            parameter.data = value.to(parameter.dtype).contiguous()
            # d / d theta = (d / d log theta) / theta
            back = (lambda g: g / case.w["theta"]) if name == "log_threshold" else turn
            parameters[of] = (parameter, back)
        return sae, parameters

    def step(case, sae, **coefficients):
        fields = {"sae_in": case.x, "coefficients": coefficients, "n_training_steps": 0, "is_logging_step": True}
        fields["dead_neuron_mask"] = case.dead if case.dead.any() else None
        known = TrainStepInput.__dataclass_fields__
        return sae.training_forward_pass(TrainStepInput(**{k: v for k, v in fields.items() if k in known}))

    def loss(case, name, kind, part=None, single=False, coefficients={}, **settings):
        def run():
            sae, parameters = made(case, kind, **settings)
            out = step(case, sae, **coefficients)
            return (out.losses[part] if part else out.loss), parameters

        lib.says(case, name, lambda: run()[0], single=single)
        if f"gradient of {name}" in case.values:
            lib.says(case, f"gradient of {name}", lambda: gradients(*run()), single=single)

    def forward(case, kind, single=False, **settings):
        sae, _ = made(case, kind, **settings)
        lib.says(case, "activations", lambda: sae.encode(case.x), single=single)
        lib.says(case, "reconstruction", lambda: sae.decode(sae.encode(case.x)), single=single)

    case = Case("metrics")
    sae, _ = made(case, "StandardSAE")
    scaler = {} if "activation_scaler" not in get_sparsity_and_variance_metrics.__code__.co_varnames else [ActivationScaler()]
    measured(lib, case, sae, get_sparsity_and_variance_metrics, *scaler)
    lib.silent([("metrics", "fvu"), ("metrics", "dead"), ("metrics", "mean_error_length")])

    case = Case("l1")
    forward(case, "StandardTrainingSAE")
    weight = {"l1": case.own["l1"]}
    loss(case, "loss_weighted", "StandardTrainingSAE", coefficients=weight)
    lib.silent([("l1", "loss")])

    plain = {"rescale_acts_by_decoder_norm": False}
    case = Case("topk")
    forward(case, "TopKTrainingSAE", k=case.own["k"], **plain)
    loss(case, "loss", "TopKTrainingSAE", k=case.own["k"], **plain)
    for name in ("auxk", "auxk-one-dead"):
        case = Case(name)
        for quantity in ("auxk", "auxk_signed"):
            part = "auxiliary_reconstruction_loss"
            loss(case, quantity, "TopKTrainingSAE", part, k=case.own["k"], aux_loss_coefficient=1.0, **plain)
    lib.silent([("multi-topk", "equation_9"), ("multi-topk", "multi_topk_fvu")])

    case = Case("batchtopk")
    settings = {"k": float(case.own["k"]), "topk_threshold_lr": 1.0, **plain}
    forward(case, "BatchTopKTrainingSAE", **settings)
    loss(case, "loss", "BatchTopKTrainingSAE", **settings)

    def threshold():
        sae, _ = made(case, "BatchTopKTrainingSAE", **settings)
        step(case, sae)
        return sae

    lib.says(case, "threshold", lambda: threshold().topk_threshold, single=True)

    def saved():
        from sae_lens import SAE

        with tempfile.TemporaryDirectory() as folder:
            threshold().save_inference_model(folder)
            return SAE.load_from_disk(folder).encode(case.x)

    lib.says(case, "activations_at_threshold", saved)

    case = Case("matryoshka")
    settings = {"k": float(case.own["k"]), "matryoshka_widths": list(case.own["prefixes"]), **plain}
    lib.says(case, "activations", lambda: made(case, "MatryoshkaBatchTopKTrainingSAE", **settings)[0].encode(case.x))
    loss(case, "loss", "MatryoshkaBatchTopKTrainingSAE", **settings)

    case = Case("gated")
    forward(case, "GatedTrainingSAE")
    weight = {"l1": case.own["l1"]}
    loss(case, "mse", "GatedTrainingSAE", "mse_loss", coefficients=weight)
    loss(case, "sparsity", "GatedTrainingSAE", "l1_loss", coefficients={"l1": 1.0})
    loss(case, "auxiliary", "GatedTrainingSAE", "auxiliary_reconstruction_loss", coefficients=weight)
    loss(case, "loss", "GatedTrainingSAE", coefficients=weight)

    case = Case("jumprelu")
    forward(case, "JumpReLUTrainingSAE", jumprelu_bandwidth=case.own["bandwidth"])
    loss(case, "l0", "JumpReLUTrainingSAE", "l0_loss", coefficients={"l0": 1.0}, jumprelu_bandwidth=case.own["bandwidth"])
    # Thresholds are kept in 32 bits.
    weight = {"l0": case.own["l0"]}
    loss(case, "loss", "JumpReLUTrainingSAE", None, True, weight, jumprelu_bandwidth=case.own["bandwidth"])
    detection(lib, made)
    lib.silent([("jumprelu", "loss_target"), ("resampling", "chances"), ("ghost", "ghost_loss")])


def detection(lib, made):
    """The metrics of SynthSAEBench, which came with version 6.37."""
    try:
        from sae_lens.synthetic import evals
    except ImportError:
        return
    import torch

    case = Case("detection")
    sae, _ = made(case, "StandardSAE")
    with torch.no_grad():
        latents = sae.encode(case.x)
        output = sae.decode(latents)
    features = torch.tensor(case.directions, dtype=torch.float64)
    acts = torch.zeros(len(case.x), len(features), dtype=torch.float64)
    for b, active in enumerate(case.active):
        acts[b, active] = 1.0
    # Counts are kept in 32 bits.
    scores = {"precision": "precision", "recall": "recall", "f1": "f1_score"}
    for quantity, name in scores.items():
        lib.says(
            case,
            quantity,
            lambda name=name: getattr(evals.compute_classification_metrics(latents, acts, sae.W_dec.data, features), name),
            single=True,
        )
    lib.says(case, "mcc", lambda: evals.mean_correlation_coefficient(sae.W_dec.data, features))
    lib.says(case, "uniqueness", lambda: evals.feature_uniqueness(sae.W_dec.data, features))

    def calculated(calculator, *given):
        calculator.add_batch(*given)
        return calculator.compute()

    lib.says(case, "shrinkage", lambda: calculated(evals.ShrinkageCalculator(), output, case.x))
    lib.says(case, "true_l0", lambda: calculated(evals.L0Calculator(), acts))


def saelens5(lib):
    """Before version 6 one class had all architectures, and ghost gradients."""
    from sae_lens import TrainingSAE, TrainingSAEConfig
    from sae_lens.evals import get_sparsity_and_variance_metrics

    def made(case, **more):
        fields = {
            "architecture": "standard", "d_in": case.d, "d_sae": case.n, "dtype": "float64", "device": "cpu",
            "model_name": "", "hook_name": "hook", "hook_layer": 0, "hook_head_index": None, "activation_fn_str": "relu",
            "activation_fn_kwargs": {}, "apply_b_dec_to_input": case.subtracts, "finetuning_scaling_factor": False,
            "normalize_activations": "none", "context_size": 1, "dataset_path": "", "dataset_trust_remote_code": False,
            "sae_lens_training_version": "", "use_ghost_grads": False, "noise_scale": 0.0, "decoder_heuristic_init": False, "decoder_heuristic_init_norm": 0.1,
            "init_encoder_as_decoder_transpose": False, "mse_loss_normalization": None, "l1_coefficient": 1.0, "lp_norm": 1.0,
            "scale_sparsity_penalty_by_decoder_norm": False, "normalize_sae_decoder": False, "decoder_orthogonal_init": False,
            "jumprelu_init_threshold": 0.001, "jumprelu_bandwidth": 0.001, "prepend_bos": False,
            "model_from_pretrained_kwargs": {}, "seqpos_slice": (None,), **more,
        }  # fmt: skip
        sae = TrainingSAE(TrainingSAEConfig(**{k: v for k, v in fields.items() if k in TrainingSAEConfig.__dataclass_fields__}))
        names = {"we": ("W_enc", turned), "be": ("b_enc", same), "wd": ("W_dec", same), "bd": ("b_dec", same)}
        for of, (name, turn) in names.items():
            getattr(sae, name).data = turn(case.w[of]).contiguous()
        return sae, {of: (getattr(sae, name), turn) for of, (name, turn) in names.items()}

    case = Case("metrics")
    measured(lib, case, made(case)[0], get_sparsity_and_variance_metrics)

    case = Case("l1")
    for name, scaled in (("loss", False), ("loss_weighted", True)):

        def run():
            sae, parameters = made(case, scale_sparsity_penalty_by_decoder_norm=scaled)
            return sae.training_forward_pass(case.x, case.own["l1"]).loss, parameters

        lib.says(case, name, lambda: run()[0])
        lib.says(case, f"gradient of {name}", lambda: gradients(*run()))

    case = Case("auxk")

    def aux():
        sae, parameters = made(
            case, architecture="topk", activation_fn_str="topk", activation_fn_kwargs={"k": case.own["k"]}
        )
        out = sae.training_forward_pass(case.x, 1.0, case.dead)
        return out.losses["auxiliary_reconstruction_loss"], parameters

    lib.says(case, "auxk_signed", lambda: aux()[0])
    lib.says(case, "gradient of auxk_signed", lambda: gradients(*aux()))

    case = Case("ghost")

    def ghost():
        sae, parameters = made(case, use_ghost_grads=True)
        return sae.training_forward_pass(case.x, 0.0, case.dead).losses["ghost_grad_loss"], parameters

    lib.says(case, "ghost_loss_rescaled", lambda: ghost()[0])
    lib.says(case, "gradient of ghost_loss_rescaled", lambda: gradients(*ghost()))


def sparsify(lib):
    import torch
    from sparsify import SparseCoder, SparseCoderConfig

    def made(case, **more):
        config = SparseCoderConfig(num_latents=case.n, k=case.own["k"], normalize_decoder=False, **more)
        sae = SparseCoder(case.d, config, dtype=torch.float64)
        parameters = {
            "we": (sae.encoder.weight, same),
            "be": (sae.encoder.bias, same),
            "wd": (sae.W_dec, same),
            "bd": (sae.b_dec, same),
        }
        for of, (parameter, _) in parameters.items():
            parameter.data = case.w[of].clone()
        return sae, parameters

    def loss(case, name, part, **more):
        def run():
            sae, parameters = made(case, **more)
            return getattr(sae(case.x, dead_mask=case.dead if case.dead.any() else None), part), parameters

        lib.says(case, name, lambda: run()[0])
        if f"gradient of {name}" in case.values:
            lib.says(case, f"gradient of {name}", lambda: gradients(*run()))

    case = Case("topk")

    def activations():
        values, indices, _ = made(case)[0].encode(case.x)
        return torch.zeros(len(case.x), case.n, dtype=torch.float64).scatter(1, indices, values)

    lib.says(case, "activations", activations)
    lib.says(case, "reconstruction", lambda: made(case)[0](case.x).sae_out)
    loss(case, "fvu", "fvu")
    for name in ("auxk", "auxk-one-dead"):
        loss(Case(name), "auxk_over_variance", "auxk_loss")
    loss(Case("multi-topk"), "fvu", "fvu")
    loss(Case("multi-topk"), "multi_topk_fvu", "multi_topk_fvu", multi_topk=True)
    lib.silent([("metrics", name) for name in ("explained_variance", "l0", "dead")])
    lib.silent([("topk-fired", "fired"), ("multi-topk", "equation_9"), ("resampling", "chances")])


def dictionary_learning(lib):
    import dictionary_learning.trainers as trainers
    import torch
    from dictionary_learning.dictionary import AutoEncoder
    from dictionary_learning.evaluation import evaluate
    from dictionary_learning.trainers.gated_anneal import GatedAnnealTrainer
    from dictionary_learning.trainers.matryoshka_batch_top_k import MatryoshkaBatchTopKTrainer
    from dictionary_learning.trainers.p_anneal import PAnnealTrainer
    from dictionary_learning.trainers.standard import StandardTrainerAprilUpdate

    def fill(ae, case):
        """Whatever its parameters are called; those of nn.Linear stand the other way."""
        ae.double()
        known = dict(ae.named_parameters())
        gate = "gate_bias" in known
        names = {
            "we": [("encoder.weight", same), ("W_enc", turned)],
            "be": [("gate_bias", same)] if gate else [("encoder.bias", same), ("b_enc", same)],
            "wd": [("decoder.weight", turned), ("W_dec", same)],
            "bd": [("bias", same), ("b_dec", same), ("decoder_bias", same)],
            "theta": [("threshold", same)],
            "r_mag": [("r_mag", same)],
            "b_mag": [("mag_bias", same)],
        }
        parameters = {}
        for of, value in case.w.items():
            name, turn = next(pair for pair in names[of] if pair[0] in known)
            known[name].data = turn(value).clone().contiguous()
            parameters[of] = (known[name], turn)
        return parameters

    def made(case, trainer, **settings):
        common = {"steps": 10, "activation_dim": case.d, "dict_size": case.n, "layer": 0, "lm_name": "none", "device": "cpu"}
        made = trainer(**common, warmup_steps=1, **settings)
        parameters = fill(made.ae, case)
        if case.dead.any() and hasattr(made, "num_tokens_since_fired"):
            made.num_tokens_since_fired[case.dead] = made.dead_feature_threshold
        return made, parameters

    def loss(case, name, trainer, part=None, single=False, scale=1.0, **settings):
        def run():
            made_, parameters = made(case, trainer, **settings)
            return made_.loss(case.x, step=0) * scale, parameters

        def logged():
            return made(case, trainer, **settings)[0].loss(case.x, step=0, logging=True).losses[part]

        lib.says(case, name, logged if part else lambda: run()[0], single=single)
        if not part and f"gradient of {name}" in case.values:
            lib.says(case, f"gradient of {name}", lambda: gradients(*run()), single=single)

    def forward(case, answer, single=False):
        lib.says(case, "activations", lambda: answer().f, single=single)
        lib.says(case, "reconstruction", lambda: answer().x_hat, single=single)

    case = Case("metrics")
    ae = AutoEncoder(case.d, case.n)
    fill(ae, case)
    names = {"l0": "l0", "l1": "l1_loss", "mean_error_length": "l2_loss", "cosine": "cossim", "l2_ratio": "l2_ratio"}
    names |= {"relative_reconstruction_bias": "relative_reconstruction_bias"}
    names |= {"explained_variance": "frac_variance_explained", "explained_variance_centred": "frac_variance_explained"}
    for way, parts in {"one batch": 1, "two batches": 2}.items():
        out = evaluate(ae, iter(case.x.chunk(parts)), n_batches=parts)
        for quantity, name in names.items():
            lib.says(case, quantity, lambda name=name: out[name], where=way)
        lib.says(case, "dead", lambda: 1 - out["frac_alive"], single=True, where=way)
    lib.silent([("metrics", "mse"), ("metrics", "density"), ("metrics", "explained_variance_legacy")])

    case = Case("l1")
    standard = {"l1_penalty": case.own["l1"], "sparsity_warmup_steps": None}
    forward(case, lambda: made(case, trainers.StandardTrainer, **standard)[0].loss(case.x, step=0, logging=True))
    loss(case, "loss", trainers.StandardTrainer, **standard)
    loss(case, "loss_weighted", StandardTrainerAprilUpdate, **standard)

    def topk(case):
        return {"k": case.own["k"], "threshold_start_step": 100}

    case = Case("topk")
    forward(case, lambda: made(case, trainers.TopKTrainer, **topk(case))[0].loss(case.x, step=0, logging=True))
    loss(case, "loss", trainers.TopKTrainer, auxk_alpha=0.0, **topk(case))

    def fired():
        trainer, _ = made(case, trainers.TopKTrainer, **topk(case))
        trainer.num_tokens_since_fired += 1
        trainer.loss(case.x, step=0)
        return (trainer.num_tokens_since_fired == 0).double()

    case = Case("topk-fired")
    lib.says(case, "fired", fired)

    # The auxiliary loss is computed in 32 bits.
    for name in ("auxk", "auxk-one-dead"):
        case = Case(name)
        loss(case, "auxk_over_error_variance", trainers.TopKTrainer, "auxk_loss", single=True, **topk(case))

        def before():
            trainer, _ = made(case, trainers.TopKTrainer, **topk(case))
            trainer.loss(case.x, step=0)
            return trainer.pre_norm_auxk_loss

        lib.says(case, "auxk", before, single=True)

    case = Case("auxk")

    def aux():
        trainer, parameters = made(case, trainers.TopKTrainer, **topk(case))
        f, _, _, post = trainer.ae.encode(case.x, return_topk=True)
        residual = (case.x - trainer.ae.decode(f)).detach()
        return gradients(trainer.get_auxiliary_loss(residual, post), parameters)

    lib.says(case, "gradient of auxk_over_error_variance", aux, single=True)
    loss(case, "loss_over_error_variance", trainers.TopKTrainer, auxk_alpha=case.own["alpha"], single=True, **topk(case))

    case = Case("batchtopk")
    forward(case, lambda: made(case, trainers.BatchTopKTrainer, **topk(case))[0].loss(case.x, step=0, logging=True))
    loss(case, "loss", trainers.BatchTopKTrainer, auxk_alpha=0.0, **topk(case))

    def threshold():
        trainer, _ = made(case, trainers.BatchTopKTrainer, k=case.own["k"], threshold_start_step=-1)
        trainer.loss(case.x, step=0)
        return trainer.ae

    lib.says(case, "threshold", lambda: threshold().threshold, single=True)
    lib.says(case, "activations_at_threshold", lambda: threshold().encode(case.x))

    case = Case("matryoshka")
    bounds = [0, *case.own["prefixes"]]
    fractions = [(b - a) / case.n for a, b in zip(bounds, bounds[1:])]
    nested = {"group_fractions": fractions, "auxk_alpha": 0.0, **topk(case)}
    lib.says(case, "activations", lambda: made(case, MatryoshkaBatchTopKTrainer, **nested)[0].loss(case.x, step=0, logging=True).f)
    loss(case, "loss", MatryoshkaBatchTopKTrainer, **nested)
    loss(case, "loss_mean", MatryoshkaBatchTopKTrainer, **nested)

    case = Case("gated")
    gated = {"l1_penalty": case.own["l1"], "sparsity_warmup_steps": None}
    forward(case, lambda: made(case, trainers.GatedSAETrainer, **gated)[0].loss(case.x, step=0, logging=True))
    for quantity, part in {"mse": "mse_loss", "sparsity": "sparsity_loss", "auxiliary": "aux_loss"}.items():
        loss(case, quantity, trainers.GatedSAETrainer, part, **gated)
    loss(case, "loss", trainers.GatedSAETrainer, **gated)

    case = Case("jumprelu")
    jump = {"bandwidth": case.own["bandwidth"], "sparsity_penalty": case.own["l0"], "target_l0": case.own["target_l0"]}
    jump["sparsity_warmup_steps"] = None
    lib.says(
        case,
        "activations",
        lambda: made(case, trainers.JumpReluTrainer, **jump)[0].loss(case.x, step=0, logging=True).f,
        single=True,
    )
    loss(case, "loss_target", trainers.JumpReluTrainer, single=True, **jump)

    def resampled(trainer, **settings):
        """After resampling: what was given to torch.multinomial, which input was drawn, and what the dead latent has become."""
        t, parameters = made(case, trainer, lr=0.0, resample_steps=5, sparsity_warmup_steps=None, **settings)
        if "r_mag" not in case.w and hasattr(t.ae, "mag_bias"):
            t.ae.mag_bias.data = case.w["be"].clone()
        t.loss(case.x, step=0).backward()
        t.optimizer.step()  # Adam has moments only afterwards; the rate is 0
        seen, real = {}, torch.multinomial

        def watched(weights, *args, **more):
            seen["chances"] = weights / weights.sum()
            seen["drawn"] = real(weights, *args, **more)
            return seen["drawn"]

        torch.multinomial = watched
        try:
            t.resample_neurons(case.dead.clone(), case.x)
        finally:
            torch.multinomial = real
        i = case.own["dead"][0]
        now = {of: turn(p.data)[i] for of, (p, turn) in parameters.items() if of != "bd"}
        return seen["chances"], int(seen["drawn"][0]), now

    case = Case("resampling")
    for name, trainer in {"StandardTrainer": trainers.StandardTrainer, "PAnnealTrainer": PAnnealTrainer}.items():
        lib.says(case, "chances", lambda: resampled(trainer)[0], where=name)
        for quantity, of in {"directions": "wd", "encoder_rows": "we", "bias": "be"}.items():
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    _, drawn, now = resampled(trainer)
                exact = case.values[quantity]
                lib.says(case, quantity, lambda: now[of], where=name, exact=exact[drawn] if of != "be" else exact)
            except Exception as error:
                lib.says(case, quantity, lambda error=error: (_ for _ in ()).throw(error), where=name)
    gates = Case("resampling")
    gates.w |= {"r_mag": torch.zeros(gates.n, dtype=torch.float64), "b_mag": gates.w["be"].clone()}
    case = gates
    lib.says(case, "directions", lambda: resampled(GatedAnnealTrainer)[2]["wd"], where="GatedAnnealTrainer")

    case = Case("ghost")
    ae = AutoEncoder(case.d, case.n)
    fill(ae, case)
    lib.says(case, "ghost_output", lambda: ae(case.x, output_features=True, ghost_mask=case.dead)[1])
    lib.silent([("ghost", "ghost_loss"), ("jumprelu", "loss"), ("multi-topk", "equation_9")])


def saebench(lib):
    import torch
    from sae_bench.custom_saes.relu_sae import ReluSAE
    from sae_bench.evals.core.main import get_sparsity_and_variance_metrics

    case = Case("metrics")
    sae = ReluSAE(case.d, case.n, "none", 0, torch.device("cpu"), torch.float64, "hook")
    for name, value in {"W_enc": case.w["we"].T, "b_enc": case.w["be"], "W_dec": case.w["wd"], "b_dec": case.w["bd"]}.items():
        getattr(sae, name).data = value.contiguous()
    measured(lib, case, sae, get_sparsity_and_variance_metrics)
    lib.silent([("metrics", "fvu"), ("metrics", "dead"), ("resampling", "chances")])


# Why an answer differs: library, case, what the name of the quantity begins with (after "gradient of "), what it means.
BATCHES = "the ratio of each batch, then the mean over batches: it depends on how the inputs are split"
ZERO = "the variance is about 0, not about the mean (the square of the mean is that of E x^2): SAELens #659, #710"
TOKENS = "each squared error is divided by the number of inputs of its batch: SAELens #711"
SIGNED = "the activations of dead latents are not cut at 0: it is `auxk_signed`, which A.2 allows as it is written"
FEW = "times dead / k_aux where fewer are dead than k_aux: its own factor, not in A.2"
NO_GRADIENT = "no gradient reaches the encoder: the backward pass of its `FusedEncoder` drops that of the pre-activations"
TWICE = "b_d is added to what the dead latents make: sparsify #132"
REASONS = [
    ("SAELens", "metrics", "mse", TOKENS),
    ("SAELens", "metrics", "explained_variance_legacy", BATCHES),
    ("SAELens", "metrics", "relative_reconstruction_bias", BATCHES),
    ("SAELens", "metrics", "explained_variance", ZERO),
    ("SAELens", "auxk", "auxk_signed", "b_d is added once more, as in sparsify #132"),
    ("SAELens", "auxk", "auxk", SIGNED),
    ("SAELens", "auxk-one-dead", "auxk_signed", FEW),
    ("SAELens", "auxk-one-dead", "auxk", f"{SIGNED}; {FEW}"),
    (
        "SAELens",
        "gated",
        "loss",
        "decoder and b_d are no constants in the auxiliary term, as equation 8 has it (SAELens #539), and the penalty is weighted by |u_i|",
    ),
    ("SAELens", "gated", "auxiliary", "decoder and b_d are no constants, as equation 8 has it: SAELens #539"),
    ("SAELens", "ghost", "ghost_loss", "a mean over dimensions too, where the main loss has their sum: 1/d of it, here 1/2 (and 1e-6 is added to what is divided by)"),
    ("SAEBench", "metrics", "mse", f"{TOKENS}, the same code"),
    ("SAEBench", "metrics", "explained_variance_legacy", BATCHES),
    ("SAEBench", "metrics", "relative_reconstruction_bias", BATCHES),
    ("SAEBench", "metrics", "explained_variance", "the variance is about 0, as in SAELens #659; above 1 here, which it cannot be"),
    (
        "sparsify",
        "topk",
        "fvu",
        "a latent chosen with activation 0 has a gradient as if it were active: the backward pass of its `FusedEncoder` has no ReLU. "
        "With k positive latents on every input (`multi-topk`) the same gradient agrees",
    ),
    ("sparsify", "auxk-one-dead", "auxk_over_variance", FEW),
    ("sparsify", "multi-topk", "multi_topk_fvu", NO_GRADIENT),
    (
        "dictionary_learning",
        "metrics",
        "explained_variance",
        "`frac_variance_explained` takes the variance of the error about its mean: blind to a constant error; per batch",
    ),
    ("dictionary_learning", "metrics", "relative_reconstruction_bias", BATCHES),
    ("dictionary_learning", "topk-fired", "fired", "a latent chosen with activation 0 counts as fired, so it is never dead"),
    ("dictionary_learning", "matryoshka", "loss", "the weights 1/G are there, and then the mean over G is taken too: 1/G^2 of the sum"),
    (
        "dictionary_learning",
        "jumprelu",
        "loss_target",
        "the step function gets activations, not pre-activations: below the threshold the pseudo-derivative is lost (its #55)",
    ),
    ("dictionary_learning", "resampling", "chances", "proportional to |e|, not to |e|^4"),
    (
        "dictionary_learning",
        "resampling",
        "encoder_rows",
        "the input is not made unit: its length stays as a factor",
    ),
]
NO_OP = "`weight[dead][:n] = ...` writes into a copy: nothing changes but the moments"
WHERE = {"PAnnealTrainer": NO_OP, "GatedAnnealTrainer": "its encoder has no bias, which is indexed: it ends with the error"}


def reason(library, row):
    name = row["quantity"].removeprefix("gradient of ")
    if (library, row["case"], name) == ("sparsify", "auxk", "auxk_over_variance"):
        # Before 1.3.3 the value is wrong too, and the gradient in the decoder.
        biased = "found" in row or "wd" in row.get("parts", {})
        parts = [TWICE] * biased + [NO_GRADIENT] * ("parts" in row)
        return "; ".join(parts)
    if row.get("where") in WHERE and name != "chances":
        return WHERE[row["where"]]
    for of, case, start, why in REASONS:
        if (of, case) == (library, row["case"]) and name.startswith(start):
            return why
    return "not explained yet"


def verdict(row):
    if "raises" in row:
        return f"raises `{row['raises']}`"
    if "found" in row:
        return f"{row['found']} instead of {row['exact']}"
    if row.get("parts"):
        return "off by " + ", ".join(f"{100 * v:.3g}% ({k})" for k, v in row["parts"].items())
    return f"off by {100 * row['gap']:.3g}%"


def table(answers):
    lines = ["| library | asked | answer | why |", "|---|---|---|---|"]
    for answer in answers:
        who = f"{answer['library']} {answer['version']}"
        groups = {}
        for row in answer["rows"]:
            if row.get("agrees") is False:
                why = reason(answer["library"], row)
                where = f" ({row['where']})" if "where" in row else ""
                groups.setdefault((row["case"], why), []).append((f"{row['quantity']}{where}", verdict(row)))
        for (case, why), rows in groups.items():
            asked = "<br>".join(f"{case}: {name}" for name, _ in rows)
            escaped = why.replace("|", "\\|")
            lines.append(f"| {who} | {asked} | {'<br>'.join(v for _, v in rows)} | {escaped} |")
        agree = {}
        for row in answer["rows"]:
            if row.get("agrees"):
                agree.setdefault(row["case"], {})[row["quantity"]] = True
        count = sum(bool(r.get("agrees")) for r in answer["rows"])
        lines.append(f"| {who} | **agrees** | {count} values | {'; '.join(f'{c}: ' + ', '.join(q) for c, q in agree.items())} |")
        silent = [f"{r['case']}: {r['quantity']}" for r in answer["rows"] if r.get("exposed") is False]
        if silent:
            lines.append(f"| {who} | not exposed | | {'; '.join(silent)} |")
    return "\n".join(lines)


LIBRARIES = {
    "SAELens": ("sae-lens", "sae_lens", saelens),
    "sparsify": ("eai-sparsify", "sparsify", sparsify),
    "dictionary_learning": ("dictionary-learning", "dictionary_learning", dictionary_learning),
    "SAEBench": ("sae-bench", "sae_bench", saebench),
}


def ask(names):
    import torch

    answers = []
    for name in names:
        package, module, function = LIBRARIES[name]
        try:
            importlib.import_module(module)
            lib = Library(name, package)
        except ImportError as error:
            print(f"{name}: not installed ({error})", file=sys.stderr)
            continue
        torch.manual_seed(0)
        function(lib)
        answers.append({"library": name, "version": lib.version, "rows": lib.rows})
        count = [sum(r.get("agrees") is want for r in lib.rows) for want in (True, False)]
        print(f"{name} {lib.version}: {count[0]} agree, {count[1]} differ", file=sys.stderr)
    return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("libraries", nargs="*", choices=[*LIBRARIES, []])
    parser.add_argument("--into", type=Path, help="add the answers to this file, in place of those of the same version")
    parser.add_argument("--table", type=Path, help="print the table of a file of answers")
    options = parser.parse_args()
    if options.table:
        print(table(json.loads(options.table.read_text())))
        return
    answers = ask(options.libraries or LIBRARIES)
    if not options.into:
        print(json.dumps(answers, indent=1))
        return
    old = json.loads(options.into.read_text()) if options.into.exists() else []
    new = {(a["library"], a["version"]) for a in answers}
    kept = [a for a in old if (a["library"], a["version"]) not in new]
    key = lambda a: (list(LIBRARIES).index(a["library"]), [int(n) for n in a["version"].split(".")])
    options.into.write_text(json.dumps(sorted(kept + answers, key=key), indent=1) + "\n")


if __name__ == "__main__":
    main()
