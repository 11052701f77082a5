/** A thread of `dictum inspect`: decides blocks of rows. */
import { type Block, type BlockResult, decideBlock } from '../../inspect/block.ts';
import { fixedOf, type Given } from '../../inspect/inspect.ts';
import { given } from '../../threads/given.ts';

const fixed = fixedOf(given<Given>());

export default (block: Block): BlockResult => decideBlock(fixed, block);
