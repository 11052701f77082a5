/** Archives of torch.save: what is read from them, and that hostile ones get an answer, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TrainProblem } from '../../../src/train/backend/problem.ts';
import { readPickle } from '../../../src/train/data/pickle.ts';
import { readTorch } from '../../../src/train/data/torch.ts';
import { amount } from '../../thorough.ts';
import { archive, float32, op, pickled, type StoredSpec, tensorOps, tupleOf, zip } from './torchBytes.ts';

const FOREIGN = join(import.meta.dirname, '../checkpoint/foreign');

/** The problem, or undefined where it is read; whatever else is thrown is a bug. */
function problemOf(read: () => unknown): TrainProblem | undefined {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof TrainProblem) return thrown;
    throw thrown;
  }
  return undefined;
}

const torch = (entries: Record<string, number[]>, storages: Record<string, Uint8Array> = {}) =>
  readTorch(zip(archive(pickled(entries), storages)), 'a.pt');

describe('read', () => {
  test('strides, offsets, numbers that two tensors share', () => {
    const six = { '0': float32(1, 2, 3, 4, 5, 6) };
    const spec = (more: StoredSpec): number[] => tensorOps({ count: 6, ...more });
    const { tensors, values } = torch(
      {
        whole: spec({ shape: [2, 3] }),
        turned: spec({ shape: [3, 2], strides: [1, 3] }),
        part: spec({ shape: [2], offset: 4 }),
        one: spec({ shape: [], offset: 2 }),
        none: spec({ shape: [0, 3] }),
        apart: spec({ shape: [3], strides: [2], offset: 1 }),
        'a text': op.text('x'),
        'a number': op.long([0, 1]),
        inner: [...op.dict, ...op.text('k'), ...op.int(-1), ...op.item],
      },
      six,
    );
    const found = Object.fromEntries([...tensors].map(([name, { shape, values: v }]) => [name, [shape, [...v]]]));
    expect(found).toEqual({
      whole: [
        [2, 3],
        [1, 2, 3, 4, 5, 6],
      ],
      turned: [
        [3, 2],
        [1, 4, 2, 5, 3, 6],
      ],
      part: [[2], [5, 6]],
      one: [[], [3]],
      none: [[0, 3], []],
      apart: [[3], [2, 4, 6]],
    });
    expect(Object.fromEntries(values)).toEqual({ 'a text': 'x', 'a number': 256, 'inner.k': -1 });
  });

  test('each type of number, bit by bit', () => {
    const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
    const all: [string, Uint8Array, number][] = [
      ['DoubleStorage', new Uint8Array(Float64Array.of(0.1).buffer), 0.1],
      ['FloatStorage', float32(0.1), Math.fround(0.1)],
      ['HalfStorage', bytes(0, 0x3e), 1.5],
      ['BFloat16Storage', bytes(0xc0, 0x3f), 1.5],
      ['IntStorage', bytes(0xfe, 255, 255, 255), -2],
      ['LongStorage', bytes(7, 0, 0, 0, 0, 0, 0, 0), 7],
    ];
    for (const [type, data, value] of all) {
      expect([...torch({ t: tensorOps({ shape: [1], type }) }, { '0': data }).tensors.get('t')!.values]).toEqual([
        value,
      ]);
    }
  });
});

describe('refused', () => {
  const t = { t: tensorOps({ shape: [2] }) };
  const two = { '0': float32(1, 2) };
  const cases: readonly (readonly [string, () => unknown, Partial<TrainProblem>])[] = [
    ['an empty file', () => readTorch(new Uint8Array(), 'a.pt'), { path: 'archive', found: 'an empty file' }],
    [
      'as torch.save wrote before 1.6',
      () => readTorch(Uint8Array.from([0x80, 2, 0x8a]), 'a.pt'),
      { path: 'archive', found: 'a bare pickle, as torch.save wrote before 1.6' },
    ],
    ['cut off', () => readTorch(zip(archive(pickled(t), two)).slice(0, -30), 'a.pt'), { path: 'archive' }],
    ['no pickle', () => readTorch(zip({ 'archive/version': float32(3) }), 'a.pt'), { expected: 'one NAME/data.pkl' }],
    [
      'TorchScript',
      () => readTorch(zip(archive(pickled(t), two, { 'archive/constants.pkl': float32() })), 'a.pt'),
      { found: 'a TorchScript program' },
    ],
    [
      'big-endian',
      () => readTorch(zip(archive(pickled(t), two, { 'archive/byteorder': new TextEncoder().encode('big') })), 'a.pt'),
      { path: 'archive/byteorder', found: '"big"' },
    ],
    [
      'deflated',
      () => readTorch(zip(archive(pickled(t), two), { deflate: true }), 'a.pt'),
      { path: 'archive/data.pkl', found: 'compression method 8' },
    ],
    ['a storage that is not there', () => torch(t), { path: 'archive/data/0', found: 'no such file in the archive' }],
    [
      'a storage too short',
      () => torch(t, { '0': float32(1) }),
      { path: 'archive/data/0', expected: '8 bytes of F32' },
    ],
    [
      'other types of number',
      () => torch({ t: tensorOps({ shape: [2], type: 'ComplexFloatStorage' }) }, two),
      { path: 't', found: 'ComplexFloatStorage' },
    ],
    [
      'two types in one storage',
      () => torch({ ...t, u: tensorOps({ shape: [1], type: 'DoubleStorage' }) }, two),
      { path: 'u', expected: 'FloatStorage of 2, as another tensor has this storage' },
    ],
    ['past its storage', () => torch({ t: tensorOps({ shape: [2], offset: 1, count: 2 }) }, two), { path: 't' }],
    [
      'more entries than numbers',
      () => torch({ t: tensorOps({ shape: [2, 2], strides: [1, 1], count: 3 }) }, { '0': float32(1, 2, 3) }),
      { path: 't' },
    ],
    [
      'a product of sizes beyond 2^53',
      () => torch({ t: tensorOps({ shape: [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1], count: 2 }) }, two),
      { path: 't' },
    ],
    [
      'entries repeated',
      () => torch({ t: tensorOps({ shape: [2], strides: [0], count: 2 }) }, two),
      { path: 't', found: 'one that repeats its entries' },
    ],
    [
      'more tensors than the file is long',
      () => {
        const numbers = Array.from({ length: 5000 }, () => 1);
        const many = Array.from({ length: 40 }, (_, k) => [`t${k}`, tensorOps({ shape: [5000] })]);
        return torch(Object.fromEntries(many) as Record<string, number[]>, { '0': float32(...numbers) });
      },
      { expected: expect.stringContaining('tensors of at most') as unknown as string },
    ],
    ['a list among the tensors', () => torch({ ...t, l: [...op.list] }, two), { path: 'l', found: 'a list' }],
    [
      'a dictionary two deep',
      () => torch({ a: [...op.dict, ...op.text('b'), ...op.dict, ...op.item] }),
      { path: 'a.b', found: 'a dictionary two deep' },
    ],
    [
      'a dictionary in itself',
      () =>
        readTorch(
          zip(
            archive(Uint8Array.from([...op.dict, ...op.put(0), ...op.text('a'), ...op.get(0), ...op.item, ...op.stop])),
          ),
          'a.pt',
        ),
      { path: 'a.a', found: 'a dictionary two deep' },
    ],
    [
      'no dictionary',
      () => readTorch(zip(archive(Uint8Array.from([...op.none, ...op.stop]))), 'a.pt'),
      { path: 'data.pkl' },
    ],
  ];
  test.each(cases)('%s', (_, read, problem) => expect(problemOf(read)).toMatchObject(problem));
});

describe('a pickle', () => {
  const refused = (...ops: readonly (readonly number[])[]): TrainProblem | undefined =>
    problemOf(() => readPickle(Uint8Array.from(ops.flat()), 'a.pt'));

  test.each<[string, string]>([
    ['os', 'system'],
    ['posix', 'system'],
    ['builtins', 'eval'],
    ['builtins', 'getattr'],
    ['__builtin__', 'exec'],
    ['torch', 'load'],
    ['torch.hub', 'load'],
    ['torch._utils', '_rebuild_tensor_v3'],
    ['torch._utils', '_rebuild_tensor'],
    ['torch.FloatStorage', '__reduce__'],
    ['torch', 'floatStorage'],
    ['torch.storage', 'UntypedStorage'],
    ['collections', 'OrderedDict.fromkeys'],
    ['__main__', 'AutoEncoder'],
  ])('%s.%s is refused by its name', (module, name) => {
    const call = [...op.name(module, name), ...tupleOf(op.text('id')), ...op.reduce];
    expect(refused(op.proto(), call, op.stop)).toMatchObject({ code: 'not-read', found: `${module}.${name}` });
  });

  test.each<[string, number[]]>([
    ['STACK_GLOBAL', [...op.text('os'), ...op.text('system'), 0x93]],
    ['INST', [0x28, 0x69, ...new TextEncoder().encode('os\nsystem\n')]],
    ['OBJ', [...op.mark, ...op.name('torch', 'FloatStorage'), 0x6f]],
    ['NEWOBJ', [...op.name('collections', 'OrderedDict'), ...op.empty, 0x81]],
    ['NEWOBJ_EX', [...op.name('collections', 'OrderedDict'), ...op.empty, ...op.dict, 0x92]],
    ['EXT1', [0x82, 1]],
    ['PERSID', [0x50, 0x61, 0x0a]],
    ['FRAME', [0x95, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['NEXT_BUFFER', [0x97]],
    ['0x30', [...op.none, 0x30]],
    ['0x32', [...op.none, 0x32]],
  ])('the opcode %s', (name, ops) => {
    expect(refused(op.proto(), ops, op.stop)).toMatchObject({ code: 'not-read', found: `the opcode ${name}` });
  });

  test.each<[string, number[]]>([
    ['a storage called as a function', [...op.name('torch', 'FloatStorage'), ...op.empty, ...op.reduce]],
    ['OrderedDict with arguments', [...op.name('collections', 'OrderedDict'), ...tupleOf(op.list), ...op.reduce]],
    ['a tensor of no storage', [...op.name('torch._utils', '_rebuild_tensor_v2'), ...tupleOf(op.none), ...op.reduce]],
    ['text called', [...op.text('f'), ...op.empty, ...op.reduce]],
    ['other state', [...op.dict, ...op.dict, ...op.text('__class__'), ...op.none, ...op.item, ...op.build]],
    ['state of a name', [...op.name('torch', 'FloatStorage'), ...op.dict, ...op.build]],
    ['a persistent id of another kind', [...tupleOf(op.text('file'), op.text('/etc/passwd')), ...op.persist]],
    ['a key twice', [...op.dict, ...op.mark, ...[1, 2].flatMap(() => [...op.text('a'), ...op.none]), ...op.items]],
    ['a key without a value', [...op.dict, ...op.mark, ...op.text('a'), ...op.items]],
    ['a key of a million characters', [...op.dict, ...op.text('k'.repeat(1e6)), ...op.none, ...op.item]],
    ['a key that is a tuple', [...op.dict, ...op.empty, ...op.none, ...op.item]],
    ['a mark that is not there', [...op.tuple]],
    ['a value below a mark', [...op.none, ...op.mark, 0x85]],
    ['nothing kept', [...op.get(7)]],
    ['text longer than the file', [0x58, 255, 255, 255, 255, 0x61]],
    ['text that is no UTF-8', [0x58, 1, 0, 0, 0, 0xff]],
    ['an integer of 200 bytes', [...op.long(Array.from({ length: 200 }, () => 1))]],
    ['an integer beyond 2^53', [...op.long([0, 0, 0, 0, 0, 0, 0, 1])]],
    ['protocol 0', [0x80, 0]],
    ['protocol 9', [0x80, 9]],
  ])('%s', (_, ops) => {
    expect(refused(ops, op.stop)).toMatchObject({
      code: 'not-read',
      path: expect.stringMatching(/^data\.pkl, byte \d+$/),
    });
  });

  test('ends where it says', () => {
    expect(refused(op.none)).toMatchObject({ expected: '1 bytes more', found: '0' });
    expect(refused(op.none, op.none, op.stop)).toMatchObject({ expected: 'one value and no more' });
    expect(refused(op.none, op.stop, op.none)).toMatchObject({ expected: 'one value and no more' });
    expect(refused(op.none, op.stop)).toBeUndefined();
  });

  test('too many opcodes, and too many bytes, at once', () => {
    const many = new Uint8Array(2 ** 22).fill(0x7d);
    expect(problemOf(() => readPickle(many, 'a.pt'))).toMatchObject({ expected: 'at most 200000 opcodes' });
    const long = new Uint8Array(2 ** 22 + 1);
    expect(problemOf(() => readPickle(long, 'a.pt'))).toMatchObject({ found: `${2 ** 22 + 1}` });
  });
});

describe('whatever the bytes', () => {
  /** Every opcode that is read, with arguments that may fit, and any byte. */
  const known = [
    0x2e, 0x28, 0x4e, 0x88, 0x89, 0x7d, 0x5d, 0x29, 0x85, 0x86, 0x87, 0x74, 0x73, 0x75, 0x61, 0x65, 0x51, 0x52, 0x62,
  ];
  const piece = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...known).map((opcode) => [opcode]) },
    { weight: 3, arbitrary: fc.constantFrom('storage', '0', 'cpu', 'a', '_metadata').map(op.text) },
    { weight: 3, arbitrary: fc.integer({ min: -1, max: 9 }).map(op.int) },
    { weight: 2, arbitrary: fc.nat(3).map(op.put) },
    { weight: 2, arbitrary: fc.nat(3).map(op.get) },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom(
          ['collections', 'OrderedDict'],
          ['torch._utils', '_rebuild_tensor_v2'],
          ['torch._utils', '_rebuild_parameter'],
          ['torch', 'FloatStorage'],
          ['os', 'system'],
        )
        .map(([module = '', name = '']) => op.name(module, name)),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({ shape: fc.array(fc.nat(4), { maxLength: 3 }), offset: fc.nat(4), count: fc.nat(9) })
        .map(tensorOps),
    },
    { weight: 1, arbitrary: fc.array(fc.nat(255), { maxLength: 6 }) },
  );
  const program = fc.array(piece, { maxLength: 60 }).map((pieces) => Uint8Array.from([...pieces.flat(), 0x2e]));

  test('opcodes: a value or a problem, and never another function', () => {
    let read = 0;
    fc.assert(
      fc.property(program, (bytes) => {
        if (problemOf(() => readPickle(bytes, 'a.pt')) === undefined) read++;
        const spelled = new TextDecoder('latin1').decode(bytes);
        const asked = problemOf(() => readTorch(zip(archive(bytes, { '0': float32(1, 2, 3, 4) })), 'a.pt'));
        return asked !== undefined || !spelled.includes('os\nsystem');
      }),
      { numRuns: amount(3000, 80_000) },
    );
    // Not all of it is noise.
    expect(read).toBeGreaterThan(20);
  });

  test('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        problemOf(() => readPickle(bytes, 'a.pt'));
        problemOf(() => readTorch(bytes, 'a.pt'));
        problemOf(() => readTorch(Uint8Array.from([0x50, 0x4b, 3, 4, ...bytes]), 'a.pt'));
      }),
      { numRuns: amount(3000, 80_000) },
    );
  });

  test('a real file with some bytes changed or cut: a problem, or tensors no larger than four times the file', () => {
    const files = ['dictionary-learning-topk/ae.pt', 'openai-topk/0.pt', 'crosscoder-minder/ae.pt'];
    for (const file of files) {
      const real = readFileSync(join(FOREIGN, file));
      expect(problemOf(() => readTorch(real, file))).toBeUndefined();
      const change = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
      fc.assert(
        fc.property(change, fc.option(fc.nat(real.length)), (changes, length) => {
          const bytes = Uint8Array.from(real);
          for (const [at, value] of changes) bytes[at] = value;
          const cut = bytes.subarray(0, length ?? bytes.length);
          let total = 0;
          problemOf(() => {
            for (const { values } of readTorch(cut, file).tensors.values()) total += values.byteLength;
          });
          // Halves become numbers of four bytes.
          return total <= 8 * cut.length;
        }),
        { numRuns: amount(1000, 30_000) },
      );
    }
  });

  test('the pickle of a real file, changed: the checksums are not what refuses it', () => {
    const folders = readdirSync(FOREIGN).filter((name) =>
      /^(dictionary-learning|openai|crosscoder)-[a-z]+$/.test(name),
    );
    const pickles = folders.map((name) => {
      const [file = ''] = readdirSync(join(FOREIGN, name)).filter((entry) => entry.endsWith('.pt'));
      const bytes = readFileSync(join(FOREIGN, name, file));
      // Stored: it begins with PROTO 2 and ends with STOP before the next member.
      const from = bytes.indexOf(Uint8Array.from([0x80, 2]));
      const to = bytes.indexOf('PK', from);
      return bytes.subarray(from, bytes.lastIndexOf(0x2e, to) + 1);
    });
    expect(pickles.length).toBeGreaterThan(9);
    for (const bytes of pickles) expect(problemOf(() => readPickle(bytes, 'a.pt'))).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(pickles.length - 1), fc.nat(), fc.nat(255), (which, place, value) => {
        const bytes = Uint8Array.from(pickles[which]!);
        bytes[place % bytes.length] = value;
        problemOf(() => readPickle(bytes, 'a.pt'));
      }),
      { numRuns: amount(3000, 80_000) },
    );
  });
});
