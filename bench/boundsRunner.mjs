/** The other end of bounds.ts: runs the commands that it is sent, as dist/src/commands/main.js would, and sends their exit codes. */
import { ended } from '../dist/src/terminal/ended.js';

/** Where a command is, if not in a folder of its name. */
const PATHS = { check: 'check', certify: 'certify' };

process.on('message', async ({ folder, command, args }) => {
  process.chdir(folder);
  let code;
  try {
    const { run } = await import(`../dist/src/commands/${PATHS[command] ?? `${command}/${command}`}.js`);
    code = await run(args);
  } catch (thrown) {
    code = ended(thrown, args.includes('--json'));
  }
  process.chdir('/');
  globalThis.gc?.();
  process.send(code);
});
