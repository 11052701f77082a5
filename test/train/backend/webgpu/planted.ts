/** Errors planted in kernels: commands that run kernels changed on the way, for what must notice that. */
import type { Commands } from '../../../../src/train/backend/webgpu/device.ts';
import type { Kernel } from '../../../../src/train/backend/webgpu/kernel.ts';

/** `edit` gets the name of a kernel and its code. A kernel that it changes gets a name of its own, as it is compiled apart. */
export function planted(commands: Commands, edit: (name: string, code: string) => string): Commands {
  return {
    ...commands,
    run(kernel, ...rest) {
      const { name, code, before = '' } = kernel;
      const changed: Kernel = { ...kernel, code: edit(name, code), before: edit(name, before) };
      const same = changed.code === code && changed.before === before;
      commands.run(same ? kernel : { ...changed, name: `${name}, planted` }, ...rest);
    },
  };
}
