/** `.npz`: a .zip archive with one `.npy` file for each array. Only what NumPy writes is read. */
import { TrainProblem } from '../backend/problem.ts';
import { readNpy, type Tensor } from './npy.ts';
import { directory, type Member, type Refuse, unpacked } from './zip.ts';

const refusing =
  (file: string): Refuse =>
  (where, expected, found, next) => {
    throw new TrainProblem('wrong-type', where, expected, found, file, next);
  };

/** The bytes of the `.npy` file named, without its ending, or of the only one; of at most `most` bytes. */
export function memberOf(bytes: Uint8Array, file: string, name?: string, most: number = 2 ** 31): Uint8Array {
  const refuse = refusing(file);
  const arrays = arraysIn(bytes, refuse);
  const [first, ...others] = [...arrays.values()];
  if (!first) {
    return refuse('archive', 'arrays, NAME.npy', 'nothing', 'Write it with np.savez(FILE, a=...).');
  }
  const found = name === undefined ? (others.length === 0 ? first : undefined) : arrays.get(name);
  if (found) return unpacked(bytes, found, most, refuse);
  const known = [...arrays.keys()].slice(0, 12);
  const next = `Name one of them: ${file}#${known[0]}`;
  throw new TrainProblem('missing-key', 'archive', `one of ${known.join(', ')}`, name ?? 'none', file, next);
}

/** Every array by its name. */
export function readNpz(bytes: Uint8Array, file: string): ReadonlyMap<string, Tensor> {
  const refuse = refusing(file);
  const arrays = [...arraysIn(bytes, refuse)];
  const most = 2 ** 31;
  const total = arrays.reduce((sum, [, { size }]) => sum + size, 0);
  if (total > most) refuse('archive', `at most ${most} bytes in all`, `${total}`);
  return new Map(
    arrays.map(([name, member]) => [name, readNpy(unpacked(bytes, member, most, refuse), `${file}#${name}`)]),
  );
}

function arraysIn(bytes: Uint8Array, refuse: Refuse): ReadonlyMap<string, Member> {
  const members = directory(bytes, refuse);
  if (members.some((member) => /(^|\/)data\.pkl$/.test(member.name))) {
    refuse('archive', 'arrays, NAME.npy', 'a PyTorch file', 'Save its tensors with safetensors.torch.save_file.');
  }
  const arrays = members.filter((member) => member.name.endsWith('.npy'));
  if (arrays.length === 0) {
    const names = members.slice(0, 3).map((member) => JSON.stringify(member.name));
    refuse('archive', 'arrays, NAME.npy', names.join(', ') || 'nothing', 'Write it with np.savez(FILE, a=...).');
  }
  return new Map(arrays.map((member) => [member.name.slice(0, -4), member]));
}
