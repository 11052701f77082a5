/** A `.npy` file, as NumPy writes it. */
export function npy(
  kind: string,
  shape: readonly number[],
  values: Float32Array | Float64Array | BigInt64Array | Int32Array,
  major = 1,
): Uint8Array {
  const header = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }\n`;
  const start = major === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + header.length + values.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0]);
  const view = new DataView(bytes.buffer);
  if (major === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), start);
  bytes.set(new Uint8Array(values.buffer), start + header.length);
  return bytes;
}
