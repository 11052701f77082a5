/** Decides blocks on several threads, with progress on standard error. */
import { BLOCK, type Block, type BlockResult } from '../../inspect/block.ts';
import { type Given, here, type Run } from '../../inspect/inspect.ts';
import { note, progress } from '../../terminal/streams.ts';
import { poolOf, workerBeside } from '../../threads/pool.ts';

/** Products below which threads would start for nothing. */
const FEW = 1e9;
/** Blocks under way for each thread. */
const AHEAD = 3;
const [OFTEN, SELDOM] = [200, 10_000];

export const inThreads = (rows: number, jobs: number): Run =>
  async function* (given: Given, blocks: Iterable<Block>): AsyncGenerator<BlockResult> {
    const { np, nq } = given.model.shape;
    const few = jobs === 1 || rows * np * nq < FEW;
    const pool = few ? undefined : poolOf<Block, BlockResult>(workerBeside(import.meta.url, 'worker'), jobs, given);
    let [done, next] = [0, Date.now() + (process.stderr.isTTY ? OFTEN : SELDOM)];
    try {
      for await (const result of pool ? pool.inOrder(blocks, AHEAD * jobs) : here(given, blocks)) {
        done += result.count;
        yield result;
        const now = Date.now();
        if (now < next) continue;
        next = now + (process.stderr.isTTY ? OFTEN : SELDOM);
        if (process.stderr.isTTY) progress(`${done} of ${rows} rows`);
        else note(`${JSON.stringify({ progress: 'inspect', rows: done, of: rows })}\n`);
      }
    } finally {
      if (rows > BLOCK) progress('');
      await pool?.close();
    }
  };
