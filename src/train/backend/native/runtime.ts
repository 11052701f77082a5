/**
 * Dense products by ONNX Runtime (MIT), through the optional package `onnxruntime-node`: one thread, no graph optimization, no
 * memory of its own. Operations of a backend on the host are carried out at once, so this calls what the package's asynchronous
 * `run` calls one turn of the event loop later (lib/backend.ts of 1.30.0, `dist/binding.js`); hence exactly this version, and one product
 * whose entries are known before it is trusted.
 */
import { TrainProblem } from '../problem.ts';
import { dimensions, type Gemm, gemmModel } from './onnx.ts';

const PACKAGE = 'onnxruntime-node';
const VERSION = '1.30.0';

/** Which arrays a product is of. They hold rows without gaps; `y` may be `c`. Memory shared among threads is refused. */
export interface Operands {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly c?: Float32Array;
  readonly y: Float32Array;
}

export interface Runtime {
  /** As a run records it. */
  readonly name: string;
  /** y = alpha op(a) op(b) + c */
  gemm(g: Gemm, on: Operands): void;
  close(): void;
}

type Tensor = object;
type Tensors = Record<string, Tensor>;

/** As much of the package as is used. */
interface Session {
  loadModel(bytes: ArrayBuffer, offset: number, length: number, options: object): void;
  run(feeds: Tensors, fetches: Tensors, options: object): unknown;
  dispose(): void;
}
interface Loaded {
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => Tensor;
  readonly env: { readonly versions: { readonly node?: string } };
  readonly binding: { readonly InferenceSession: new () => Session };
  readonly initOrt: () => void;
}

const OPTIONS = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'disabled',
  enableCpuMemArena: false,
  enableMemPattern: false,
  logSeverityLevel: 3,
} as const;

/** Refuses where the package is missing, is another version or has no binary for this system. */
export async function openRuntime(): Promise<Runtime> {
  try {
    const runtime = runtimeOf(await load());
    probe(runtime);
    return runtime;
  } catch (thrown) {
    const reason = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : `${thrown}`;
    const wanted = `the optional package ${PACKAGE} ${VERSION} (npm install ${PACKAGE}@${VERSION} --ignore-scripts)`;
    throw new TrainProblem('no-adapter', '$.backend', wanted, reason);
  }
}

async function load(): Promise<Loaded> {
  // Names the compiler does not look up: nobody has to have it.
  const [name, inner]: string[] = [PACKAGE, `${PACKAGE}/dist/binding.js`];
  const [outside, inside] = await Promise.all([import(name as string), import(inner as string)]);
  const loaded = { ...(outside as object), ...(inside as object) } as Loaded;
  const version = loaded.env?.versions?.node;
  if (version !== VERSION) throw new Error(`${PACKAGE} ${version ?? 'of an unknown version'}`);
  return loaded;
}

function runtimeOf({ Tensor, binding, initOrt }: Loaded): Runtime {
  initOrt();
  const sessions = new Map<string, Session>();
  const sessionOf = (g: Gemm): Session => {
    const key = JSON.stringify(g);
    const found = sessions.get(key);
    if (found) return found;
    const made = new binding.InferenceSession();
    const model = gemmModel(g);
    made.loadModel(model.buffer, 0, model.length, OPTIONS);
    sessions.set(key, made);
    return made;
  };
  return {
    name: `ONNX Runtime ${VERSION}`,
    gemm(g, { y, ...inputs }) {
      const feeds: Tensors = {};
      for (const [name, shape] of Object.entries(dimensions(g))) {
        const data = inputs[name as keyof typeof inputs];
        if (!data) throw new Error(`a product without ${name}`);
        feeds[name] = new Tensor('float32', data, shape);
      }
      sessionOf(g).run(feeds, { y: new Tensor('float32', y, [g.m, g.n]) }, {});
    },
    close() {
      for (const session of sessions.values()) session.dispose();
      sessions.clear();
    },
  };
}

/** [1 2; 3 4]' [5 6; 7 8]' in place on [1 1; 1 1], halved: other calls of another version are noticed here. */
function probe(runtime: Runtime): void {
  const y = Float32Array.of(1, 1, 1, 1);
  const [a, b] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8)];
  runtime.gemm({ m: 2, n: 2, k: 2, transA: true, transB: true, alpha: 0.5, plus: 'all' }, { a, b, c: y, y });
  if (y.join() !== '12.5,16.5,18,24') throw new Error(`${PACKAGE} multiplies to ${y.join()}`);
}
