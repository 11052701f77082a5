/** What kind of file bytes are, by how they begin, so that a file in the wrong place is called what it is. */

export interface Kind {
  readonly kind: 'npy' | 'zip' | 'parquet' | 'safetensors' | 'other';
  readonly name: string;
  /** What to do with it where text was wanted. */
  readonly next: string;
}

const IMPORT = '"dictum import" makes an instance of it, "dictum train" trains on it.';
const SAVE = 'Save the numbers as .npy, .safetensors or CSV, and read that.';
const UNPACK = 'Unpack it first.';

/** As Latin-1. None is how a text of words and numbers begins. */
const STARTS: readonly (readonly [start: string, kind: Kind['kind'], name: string, next: string])[] = [
  ['\x93NUMPY', 'npy', 'a NumPy .npy file', IMPORT],
  ['PK\x03\x04', 'zip', 'a .zip or .npz archive', IMPORT],
  ['PK\x05\x06', 'zip', 'an empty .zip or .npz archive', SAVE],
  ['PAR1\x15', 'parquet', 'a Parquet file', '"dictum train" trains on it; for "dictum import" save it as CSV or .npy.'],
  ['\x89HDF\r\n', 'other', 'an HDF5 file', SAVE],
  ['MATLAB 5.0 MAT-file', 'other', 'a MATLAB file', SAVE],
  ['GGUF\x02', 'other', 'a GGUF file', SAVE],
  ['GGUF\x03', 'other', 'a GGUF file', SAVE],
  ['ARROW1\0', 'other', 'an Arrow (Feather) file', SAVE],
  ['\x1f\x8b', 'other', 'a gzip file', UNPACK],
  ['BZh91AY', 'other', 'a bzip2 file', UNPACK],
  ['\xfd7zXZ', 'other', 'an xz file', UNPACK],
  ['\x28\xb5\x2f\xfd', 'other', 'a zstd file', UNPACK],
  ['%PDF-1', 'other', 'a PDF', SAVE],
  ['\x89PNG\r\n', 'other', 'a PNG image', SAVE],
  ['\xff\xfe', 'other', 'UTF-16', 'Save the file as UTF-8.'],
  ['\xfe\xff', 'other', 'UTF-16', 'Save the file as UTF-8.'],
];

const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** Undefined where it is text, or nothing known. */
export function recognize(bytes: Uint8Array): Kind | undefined {
  const start = latin1(bytes.subarray(0, 20));
  const found = STARTS.find(([magic]) => start.startsWith(magic));
  if (found) return { kind: found[1], name: found[2], next: found[3] };
  if (isPickle(bytes)) return { kind: 'other', name: 'a Python pickle', next: SAVE };
  if (isSafetensors(bytes)) {
    const next = `${IMPORT.slice(0, -1)}, "dictum metrics" measures a checkpoint.`;
    return { kind: 'safetensors', name: 'a .safetensors file', next };
  }
  return word2vecBinary(bytes);
}

/** Protocols 2 to 5: the opcode PROTO with the number. */
const isPickle = ([first = 0, second = 0]: Uint8Array): boolean => first === 0x80 && second >= 2 && second <= 5;

/** Eight bytes with the length of a header, then its brace. */
function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10 || bytes[8] !== 0x7b) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return view.getBigUint64(0, true) < 2n ** 32n && bytes.subarray(0, 8).includes(0);
}

/** word2vec's own format: a line "words dimensions" of text, then words and raw floats. */
function word2vecBinary(bytes: Uint8Array): Kind | undefined {
  const [line] = /^[0-9]+ [0-9]+\n/.exec(latin1(bytes.subarray(0, 40))) ?? [];
  if (line === undefined) return undefined;
  const start = new TextDecoder('latin1').decode(bytes.subarray(line.length, line.length + 4096));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: raw floats are full of them, text is not
  if (!/[\x00-\x08\x0e-\x1f]/.test(start)) return undefined;
  const next = 'Save it as text, with the option -binary 0, or write it so with gensim.';
  return { kind: 'other', name: "word2vec's binary format", next };
}
