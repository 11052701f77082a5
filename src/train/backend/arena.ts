/** Room for arrays on one WebAssembly memory, and kernels that work on them by their addresses. Nothing is given back before the memory is. */
import { type OwnMemory, type SharedMemory, wasm } from '../wasm/webassembly.ts';

const PAGE = 65_536;
const MOST_PAGES = 65_536;
/** Room kept at the start: address 0 belongs to nobody. */
const FIRST = 64;

export type Call = (...numbers: readonly number[]) => void;

export interface Arena {
  /** Zeros, from an address that is a multiple of 64. Throws RangeError where there is no room left. */
  floats(length: number): Float32Array;
  integers(length: number): Int32Array;
  /** Whether modules have to import the memory as a shared one. */
  readonly shared: boolean;
  compiled(module: Uint8Array<ArrayBuffer>): Call;
}

/** A memory that can grow; earlier views of a shared memory stay valid. */
interface Growing extends SharedMemory {
  grow(pages: number): number;
}

/** At most 4 GiB, taken as they are needed. */
export function sharedArena(): Arena {
  const memory = new wasm.Memory({ initial: 16, maximum: MOST_PAGES, shared: true }) as Growing;
  return arenaOn(memory, true, (end) => {
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
    if (missing <= 0) return true;
    if (memory.buffer.byteLength / PAGE + missing > MOST_PAGES) return false;
    memory.grow(Math.min(Math.max(missing, 256), MOST_PAGES - memory.buffer.byteLength / PAGE));
    return true;
  });
}

/**
 * For native code that refuses shared memory. One that is not shared would lose its views when it grows, so all of its addresses are
 * reserved at once, 4 GiB or what the machine grants; pages that nobody has written to take no memory.
 */
export function ownArena(): Arena {
  const memory = reserved(MOST_PAGES);
  return arenaOn(memory, false, (end) => end <= memory.buffer.byteLength);
}

function reserved(pages: number): OwnMemory {
  try {
    return new wasm.Memory({ initial: pages, maximum: pages });
  } catch (thrown) {
    if (pages <= 1024) throw thrown;
    return reserved(pages / 2);
  }
}

function arenaOn(memory: SharedMemory | OwnMemory, shared: boolean, reach: (end: number) => boolean): Arena {
  let end = FIRST;
  const reserve = (length: number): number => {
    const at = end;
    end += Math.ceil((4 * length) / 64) * 64;
    if (!reach(end)) {
      const most = shared ? MOST_PAGES * PAGE : memory.buffer.byteLength;
      throw new RangeError(`this model needs more than ${most / 2 ** 30} GiB`);
    }
    return at;
  };
  return {
    shared,
    floats(length) {
      const at = reserve(length);
      return new Float32Array(memory.buffer, at, length);
    },
    integers(length) {
      const at = reserve(length);
      return new Int32Array(memory.buffer, at, length);
    },
    compiled: (bytes) => new wasm.Instance(new wasm.Module(bytes), { env: { memory } }).exports.step,
  };
}
