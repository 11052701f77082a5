"""Writes the Parquet files beside it: `pip install pyarrow numpy; python make.py`. PyArrow 26, another implementation than the reader's."""
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

here = Path(__file__).parent
rows = (np.arange(24).reshape(8, 3) % 7 - 3).astype("float32") / 4
labels = [0, 1, 0, 1, 2, 2, 0, 1]
lists = pa.table({
    "activation": pa.array(rows.tolist(), pa.list_(pa.float32())),
    "label": pa.array(labels, pa.int64()),
    "word": pa.array([f"w{i}" for i in range(8)]),
})
pq.write_table(lists, here / "lists.parquet", compression="snappy")
pq.write_table(lists, here / "lists-gzip.parquet", compression="gzip", row_group_size=3)
pq.write_table(lists, here / "lists-zstd.parquet", compression="zstd")
pq.write_table(lists, here / "lists-lz4.parquet", compression="lz4")
pq.write_table(lists, here / "lists-brotli.parquet", compression="brotli")
columns = pa.table({f"x{k}": pa.array(rows[:, k].astype("float64")) for k in range(3)})
pq.write_table(columns, here / "columns.parquet", compression="none", use_dictionary=False)
ragged = pa.table({"activation": pa.array([[1.0, 2.0], [3.0]])})
pq.write_table(ragged, here / "ragged.parquet", compression="none")
missing = pa.table({"activation": pa.array([[1.0, 2.0], None])})
pq.write_table(missing, here / "missing.parquet", compression="none")
