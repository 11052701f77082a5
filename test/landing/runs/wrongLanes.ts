/** Lanes that write the training step with an error: the gradient of the decoder has the wrong sign. For tests that must notice it. */
import type { Lanes } from '../../../src/train/wasm/lanes.ts';

/** Before what is turned: g + z rho is the only sum of a local and the product of two others (src/landing/runs/step.ts). */
const PRODUCT = 'get get get mul';
const LOCAL_GET = 0x20;

/** As `Right`, while `plant.sign` is false. */
export function wrongLanes(Right: typeof Lanes, plant: { readonly sign: boolean }): typeof Lanes {
  return class extends Right {
    #last: string[] = [];

    override raw(...bytes: number[]): this {
      this.#last = [...this.#last.slice(-3), bytes[0] === LOCAL_GET ? 'get' : 'other'];
      return super.raw(...bytes);
    }
    override op(name: Parameters<Lanes['op']>[0]): this {
      const turned = plant.sign && name === 'add' && this.#last.join(' ') === PRODUCT;
      super.op(turned ? 'sub' : name);
      this.#last[3] = name;
      return this;
    }
  };
}
