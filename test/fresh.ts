/** Before each test file: nothing of the one before it, which ran in the same process. */
import { boundThread } from '../src/kernel/numbers/work.ts';

// A command bounds the whole thread it runs in.
boundThread();
