"""Writes the files beside it: `pip install numpy safetensors; python make.py`. NumPy 2.4 and safetensors 0.8, other
implementations than the readers'. Names that begin with odd- are files that have to be refused."""
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

here = Path(__file__).parent
# Row-major 0.5, -1.25, 3; 65504, 2^-24, -0: all of them half floats.
table = np.array([[0.5, -1.25, 3.0], [65504.0, 2.0**-24, -0.0]])
for name in ("f2", "f4", "f8"):
    np.save(here / f"{name}.npy", table.astype(name))
    np.save(here / f"{name}-big.npy", table.astype(">" + name))
    np.save(here / f"{name}-fortran.npy", np.asfortranarray(table.astype(name)))
    np.save(here / f"{name}-big-fortran.npy", np.asfortranarray(table.astype(">" + name)))
# 0.1 in 32 and in 64 bits: two different fractions.
np.save(here / "tenth-f4.npy", np.array([[0.1]], "f4"))
np.save(here / "tenth-f8.npy", np.array([[0.1]], "f8"))
for name in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i8", ">u4"):
    info = np.iinfo(name)
    np.save(here / f"int-{name.replace('>', 'big-')}.npy", np.array([[info.min, info.max], [1, 2]], name))
np.savez(here / "one.npz", x=table)
np.savez(here / "two.npz", x=table, y=-table[:, :2])
np.savez_compressed(here / "packed.npz", x=np.tile(table, (20, 1)) + np.arange(40)[:, None])
encoder = np.arange(1, 7, dtype="f4").reshape(2, 3)
save_file({"W_enc": encoder, "W_dec": -encoder.T.copy(), "b_dec": np.zeros(2, "f4")}, here / "sae.safetensors")
save_file({"encoder.weight": encoder.T.copy(), "decoder.weight": encoder}, here / "linear.safetensors")
save_file({"W_enc": encoder, "W_dec": encoder}, here / "odd-shapes.safetensors")
save_file({"x": table.astype("f2")}, here / "half.safetensors")

np.save(here / "odd-fields.npy", np.array([(1.0, 2)], dtype=[("a", "<f4"), ("b", "<i4")]))
np.save(here / "odd-objects.npy", np.array([[1.0], [1.0, 2.0]], dtype=object), allow_pickle=True)
np.save(here / "odd-text.npy", np.array(["king", "queen"]))
np.save(here / "odd-bytes.npy", np.array([b"king"]))
np.save(here / "odd-complex.npy", np.array([[1 + 2j]]))
np.save(here / "odd-long.npy", np.array([[0.1]], dtype=np.longdouble))
np.save(here / "odd-bool.npy", np.array([[True, False]]))
np.save(here / "odd-date.npy", np.array(["2020-01-01"], dtype="datetime64[D]"))
np.save(here / "odd-0d.npy", np.float64(3.0))
np.save(here / "odd-1d.npy", np.arange(3.0))
np.save(here / "odd-3d.npy", np.ones((2, 2, 2)))
np.save(here / "odd-no-rows.npy", np.ones((0, 3)))
np.save(here / "odd-no-columns.npy", np.ones((3, 0)))
np.save(here / "odd-nan.npy", np.array([[1.0, 2.0], [3.0, np.nan]]))
np.save(here / "odd-infinity.npy", np.array([[1.0, -np.inf]]))
with open(here / "odd-twice.npy", "wb") as file:
    np.save(file, table)
    np.save(file, table)
np.savez(here / "odd-no-arrays.npz")
