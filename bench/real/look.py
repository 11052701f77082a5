"""
Looks at what `dictum inspect` said of a model, by another route: activations are computed anew in numpy from the checkpoint and the rows.

  python look.py CHECKPOINT ROWS.npy LABELS.csv|- NAMES.txt INSPECT.json [how many]

For the verdicts on absorption with the most rows: on how many rows of the parent alone and of the child the carrier is on, and for the latents said
to detect a label how many of the label's rows they are on at. Then the rows on which each is largest, for a reader. Ends with how many of the
counts are those of the document.
"""

import json
import sys

import numpy
from safetensors.numpy import load_file


def activations(weights, rows, k):
    values = rows.astype(numpy.float64) @ weights["W_enc"].astype(numpy.float64)
    if k is not None:
        least = numpy.partition(values, -k, axis=1)[:, -k][:, None]
        values = numpy.where(values >= least, values, 0)
    return numpy.maximum(values, 0)


def main(checkpoint, rows, labels, names, said, count="6"):
    weights = load_file(checkpoint)
    rows, names = numpy.load(rows), open(names).read().splitlines()
    said = json.load(open(said))
    acts = activations(weights, rows, said.get("k"))
    print(f"FVU {said['fvu']:.4f}; latents on a row {said['l0']:.2f}, here {(acts > 0).sum(1).mean():.2f}")
    kinds = {}
    for latent in said["latents"]:
        kinds.setdefault(latent["kind"], []).append(latent)
    print({kind: len(those) for kind, those in kinds.items()})
    table = {}
    if labels != "-":
        head, *lines = open(labels).read().splitlines()
        ones = numpy.array([line.split(",") for line in lines]) == "1"
        table = {name: ones[:, i] for i, name in enumerate(head.split(","))}
    agree = asked = 0

    def show(latent, among=None):
        order = numpy.argsort(-acts[:, latent], kind="stable")[: int(count)]
        for row in order:
            of = [name for name, column in table.items() if column[row]]
            print(f"      {acts[row, latent]:6.2f}  {names[row][:90]}  {of}")

    pairs = said.get("absorption") or said.get("absorptionByLabels") or []
    verdicts = {}
    for pair in pairs:
        verdicts.setdefault(pair["verdict"], []).append(pair)
    print("absorption", {verdict: len(those) for verdict, those in verdicts.items()})
    for verdict, those in verdicts.items():
        for pair in sorted(those, key=lambda p: -p["rows"][1])[: 3 if verdict != "lost" else 1]:
            child = table[pair["child"]]
            below = [p["child"] for p in pairs if p["parent"] == pair["parent"]]
            alone = table[pair["parent"]] & ~numpy.any([table[name] for name in below], axis=0)
            carrier = pair["carrier"]
            on = acts[:, carrier] > 0
            asked += 1
            agree += [int(alone.sum()), int((child & table[pair["parent"]]).sum())] == pair["rows"]
            print(f"  {verdict}: {pair['parent']} with {pair['child']}, #{carrier}: shares {pair['about']}, rows {pair['rows']}")
            print(f"    on at {on[alone].mean():.0%} of the parent alone, {on[child].mean():.0%} of the child's, {on.mean():.1%} of all")
            show(carrier)
            for share in pair["shares"]:
                if share["comes"]:
                    other = acts[:, share["latent"]] > 0
                    print(f"    comes with the child: #{share['latent']}, on at {other[child].mean():.0%} of the child's rows")
                    show(share["latent"])
    best = sorted(kinds.get("detects", []), key=lambda latent: -latent["best"]["f1"])
    for latent in best:
        on, label = acts[:, latent["latent"]] > 0, table[latent["best"]["label"]]
        asked += 1
        agree += abs((on & label).sum() / label.sum() - latent["best"]["found"]) < 1e-9 and on.sum() == latent["rows"]
    for latent in best[: 4]:
        print(f"  detects: #{latent['latent']} {latent['best']}, on at {latent['rows']} rows")
        show(latent["latent"])
    for kind in ("other", "rare"):
        for latent in sorted(kinds.get(kind, []), key=lambda latent: -latent["rows"])[:3]:
            print(f"  {kind}: #{latent['latent']} on at {latent['rows']} rows, here {(acts[:, latent['latent']] > 0).sum()}")
            show(latent["latent"])
    for kind in ("never", "loses"):
        those = [latent["latent"] for latent in kinds.get(kind, [])]
        asked += len(those)
        agree += int((acts[:, those].max(0) == 0).sum()) if those else 0
        print(f"  {kind}: {len(those)}")
    print(f"{agree} of {asked} counts are those of the document")


main(*sys.argv[1:])
