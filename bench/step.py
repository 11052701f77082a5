"""The step of bench/step.ts in PyTorch: dense products, autograd, Adam, decoder rows back to length 1; on a GPU eager and compiled."""

import json
import resource
import sys
import time

import numpy as np
import torch

folder, told = sys.argv[1], json.loads(sys.argv[2])
device = torch.device(told["device"])
gpu = device.type == "cuda"
torch.set_num_threads(1)


def read(name: str, rows: int) -> torch.Tensor:
    numbers = np.fromfile(f"{folder}/{name}.bin", dtype=np.float32)
    return torch.from_numpy(numbers.reshape(rows, told["np"])).to(device)


x = read("inputs", told["batch"])
bias = torch.full((told["nq"],), float(told["bias"]), device=device)


def loss_of(we: torch.Tensor, wd: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    a = torch.relu(x @ we.T + bias)
    penalty = told["l1"] * a.sum(1).mean() if told["kind"] == "relu" else 0.0
    if told["kind"] == "topk":
        values, indices = a.topk(told["k"], dim=1, sorted=False)
        a = torch.zeros_like(a).scatter(1, indices, values)
    return ((x - a @ wd) ** 2).sum(1).mean() + penalty


def measure(objective) -> dict:
    we = read("weights", told["nq"]).requires_grad_()
    wd = we.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([we, wd], lr=1e-3, fused=True)
    if gpu:
        torch.cuda.reset_peak_memory_stats()

    def step() -> float:
        optimizer.zero_grad()
        loss = objective(we, wd, x)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            wd.div_(wd.norm(dim=1, keepdim=True))
        return loss.item()

    losses = [step() for _ in range(told["first"])]
    clock, processor = time.perf_counter(), time.process_time()
    losses += [step() for _ in range(told["steps"])]
    if gpu:
        torch.cuda.synchronize()
    seconds = time.perf_counter() - clock if gpu else time.process_time() - processor
    used = torch.cuda.max_memory_allocated() if gpu else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "losses": losses, "mebibytes": used / 2**20}


results = {"version": torch.__version__, "eager": measure(loss_of)}
if gpu or told["compile"]:
    results["compiled"] = measure(torch.compile(loss_of))
print(json.dumps(results))
