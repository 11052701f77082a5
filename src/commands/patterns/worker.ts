/** A thread of `dictum patterns`: walks the parts that it is told to. */
import { bounded } from '../../kernel/numbers/work.ts';
import type { Prefix } from '../../solve/patterns/lpRegion.ts';
import { type Part, runPart, type Task } from '../../solve/patterns/part.ts';
import { MOST_SEARCH } from '../../terminal/limits.ts';
import { given } from '../../threads/given.ts';

const task = given<Task>();

export default (from: Prefix): Part => bounded(() => runPart(task, from), MOST_SEARCH);
