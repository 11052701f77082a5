/**
 * Tests of the backend `native` need the optional package onnxruntime-node. Where it is installed they run; where it is not they are
 * skipped, unless DICTUM_REQUIRE_NATIVE is set (CI sets it).
 */
import { createRequire } from 'node:module';
import { openRuntime, type Runtime } from '../../src/train/backend/native/runtime.ts';

function found(): boolean {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-node');
    return true;
  } catch {
    return process.env.DICTUM_REQUIRE_NATIVE !== undefined;
  }
}

export const installed: boolean = found();

/** What each product leaves in y is changed by `edit`, which gets its number, from 0. */
export async function changed(edit: (call: number, y: Float32Array) => void): Promise<Runtime> {
  const right = await openRuntime();
  let call = 0;
  return {
    ...right,
    gemm(g, on) {
      right.gemm(g, on);
      edit(call++, on.y);
    },
  };
}
