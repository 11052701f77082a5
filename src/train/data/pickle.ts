/**
 * The part of Python's pickle language in which `torch.save` writes a dictionary of tensors (protocol 2). Nothing is imported, called or
 * executed: a name of Python's is a mark that one of few rules knows, every other name and opcode is refused by its own. What an opcode
 * makes is charged before it is made, a string is no longer than the bytes it stands in, and no value is walked through here: time and memory are linear in the bytes.
 */
import { TrainProblem } from '../backend/problem.ts';
import {
  described,
  integer,
  is,
  known,
  type Made,
  MOST_KEY,
  made,
  type Pickled,
  type Refuse,
  storage,
} from './pickleValues.ts';

const MOST_BYTES = 2 ** 22;
/** A tensor takes about 30. */
const MOST_STEPS = 200_000;
const NEXT = 'Nothing in it was run. Save the tensors alone: torch.save(model.state_dict(), FILE).';

/** The one value that the bytes make. `file` for messages. */
export function readPickle(bytes: Uint8Array, file: string): Pickled {
  let at = 0;
  const refuse: Refuse = (expected, found) => {
    throw new TrainProblem('not-read', `data.pkl, byte ${at}`, expected, found, file, NEXT);
  };
  if (bytes.length > MOST_BYTES) refuse(`at most ${MOST_BYTES} bytes`, `${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: Pickled[] = [];
  /** How long the stack was at each open mark. */
  const marks: number[] = [];
  const memo = new Map<number, Pickled>();

  const take = (length: number): number => {
    if (length > bytes.length - at) refuse(`${length} bytes more`, `${bytes.length - at}`);
    at += length;
    return at - length;
  };
  const byte = (): number => view.getUint8(take(1));
  const pop = (): Pickled => {
    if (stack.length <= (marks.at(-1) ?? 0)) refuse('a value on the stack', 'none');
    return stack.pop() as Pickled;
  };
  const popMark = (): Pickled[] => {
    const from = marks.pop();
    return from === undefined ? refuse('a mark', 'none') : stack.splice(from);
  };
  const text = (length: number): string => {
    const from = take(length);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(from, from + length));
    } catch {
      return refuse('UTF-8', 'other bytes');
    }
  };
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) refuse('the end of a line', 'none');
    const found = text(end - at);
    at = end + 1;
    return found;
  };
  const top = <K extends Made['kind']>(kind: K): Extract<Made, { kind: K }> => {
    const value = stack.length > (marks.at(-1) ?? 0) ? stack.at(-1) : undefined;
    return is(kind, value) ? value : refuse(`a ${kind}`, described(value));
  };
  const put = (index: number): void => {
    if (stack.length === 0) refuse('a value on the stack', 'none');
    memo.set(index, stack.at(-1) as Pickled);
  };
  const get = (index: number): void => {
    if (!memo.has(index)) refuse('a value kept before', `number ${index}, which is none`);
    stack.push(memo.get(index) as Pickled);
  };
  const tuple = (items: readonly Pickled[]): void => {
    stack.push({ kind: 'tuple', items });
  };
  const set = (pairs: readonly Pickled[]): void => {
    const { entries } = top('dictionary');
    if (pairs.length % 2 !== 0) refuse('keys with values', 'an odd number of them');
    for (let k = 0; k < pairs.length; k += 2) {
      const key = pairs[k];
      if (typeof key !== 'string' && typeof key !== 'number') {
        refuse('a key that is text or a number', described(key));
        continue;
      }
      if (`${key}`.length > MOST_KEY) refuse(`a key of at most ${MOST_KEY} characters`, `${`${key}`.length}`);
      if (entries.has(key)) refuse('each key once', `${JSON.stringify(key)} twice`);
      entries.set(key, pairs[k + 1] as Pickled);
    }
  };

  for (let steps = 0; ; steps++) {
    if (steps >= MOST_STEPS) refuse(`at most ${MOST_STEPS} opcodes`, 'more');
    const opcode = byte();
    switch (opcode) {
      case 0x80: {
        const protocol = byte();
        if (steps !== 0 || protocol < 2 || protocol > 5) refuse('protocol 2 to 5, at the beginning', `${protocol}`);
        break;
      }
      case 0x2e: {
        const value = pop();
        if (stack.length > 0 || marks.length > 0 || at !== bytes.length) refuse('one value and no more', 'more');
        return value;
      }
      case 0x28:
        marks.push(stack.length);
        break;
      case 0x4e:
        stack.push(null);
        break;
      case 0x88:
      case 0x89:
        stack.push(opcode === 0x88);
        break;
      case 0x4b:
        stack.push(byte());
        break;
      case 0x4d:
        stack.push(view.getUint16(take(2), true));
        break;
      case 0x4a:
        stack.push(view.getInt32(take(4), true));
        break;
      case 0x8a: {
        const length = byte();
        if (length > 8) refuse('an integer of at most 8 bytes', `${length} bytes`);
        stack.push(integer(bytes.subarray(take(length), at), refuse));
        break;
      }
      case 0x47:
        stack.push(view.getFloat64(take(8)));
        break;
      case 0x58:
        stack.push(text(view.getUint32(take(4), true)));
        break;
      case 0x7d:
        stack.push({ kind: 'dictionary', entries: new Map() });
        break;
      case 0x5d:
        stack.push({ kind: 'list', items: [] });
        break;
      case 0x29:
        tuple([]);
        break;
      case 0x85:
        tuple([pop()]);
        break;
      case 0x86:
        tuple([pop(), pop()].reverse());
        break;
      case 0x87:
        tuple([pop(), pop(), pop()].reverse());
        break;
      case 0x74:
        tuple(popMark());
        break;
      case 0x71:
        put(byte());
        break;
      case 0x72:
        put(view.getUint32(take(4), true));
        break;
      case 0x68:
        get(byte());
        break;
      case 0x6a:
        get(view.getUint32(take(4), true));
        break;
      case 0x73:
        set([pop(), pop()].reverse());
        break;
      case 0x75:
        set(popMark());
        break;
      case 0x61: {
        const value = pop();
        top('list').items.push(value);
        break;
      }
      case 0x65: {
        const values = popMark();
        const { items } = top('list');
        for (const value of values) items.push(value);
        break;
      }
      case 0x63:
        stack.push(known(`${line()}.${line()}`, refuse));
        break;
      case 0x51:
        stack.push(storage(pop(), refuse));
        break;
      case 0x52: {
        const args = pop();
        stack.push(made(pop(), args, refuse));
        break;
      }
      case 0x62: {
        const state = pop();
        top('dictionary');
        // What a module says of its versions; nothing else may be set.
        const keys = is('dictionary', state) ? [...state.entries.keys()] : undefined;
        if (keys === undefined || keys.some((key) => key !== '_metadata')) {
          refuse('the attribute _metadata alone', keys ? keys.slice(0, 4).join(', ') : described(state));
        }
        break;
      }
      default:
        refuse('an opcode with which a dictionary of tensors is written', `the opcode ${nameOf(opcode)}`);
    }
  }
}

/** Opcodes that make or call something, or belong to later protocols. */
const OTHERS: ReadonlyMap<number, string> = new Map([
  [0x69, 'INST'],
  [0x6f, 'OBJ'],
  [0x81, 'NEWOBJ'],
  [0x92, 'NEWOBJ_EX'],
  [0x93, 'STACK_GLOBAL'],
  [0x82, 'EXT1'],
  [0x83, 'EXT2'],
  [0x84, 'EXT4'],
  [0x50, 'PERSID'],
  [0x95, 'FRAME'],
  [0x8c, 'SHORT_BINUNICODE'],
  [0x97, 'NEXT_BUFFER'],
]);

const nameOf = (opcode: number): string => OTHERS.get(opcode) ?? `0x${opcode.toString(16).padStart(2, '0')}`;
