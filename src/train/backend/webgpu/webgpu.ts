/**
 * The backend on a GPU, in hand-written WGSL. Weights, gradients and moments stay on the device; per step only scalars come back.
 * Methods whose latents may all be active (ReLU, JumpReLU, Gated) run dense products on the matrix of activations (./products.ts),
 * those with k of them (TopK, BatchTopK, Matryoshka) touch the chosen ones only (./sparse.ts).
 */
import type { Backend } from '../backend.ts';
import { openDevice } from './adapter.ts';
import { type Commands, commandsOf } from './device.ts';
import { memoryOf } from './memory.ts';
import { productsOn } from './productsOn.ts';
import { selectionOn } from './selectionOn.ts';
import { updatesOn } from './updatesOn.ts';

export async function webgpuBackend(): Promise<Backend> {
  const { device, name } = await openDevice();
  return backendOn(commandsOf(device), name);
}

/** `device`: its name. */
export function backendOn(commands: Commands, device: string): Backend {
  const memory = memoryOf(commands);
  return {
    name: 'webgpu',
    device,
    close: () => commands.close(),
    ...memory.api,
    ...selectionOn(commands, memory),
    ...productsOn(commands, memory),
    ...updatesOn(commands, memory),
  };
}
