import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The real features that some tests run on: 1000 word2vec directions in 300 dimensions. They are too large for
 * the package and lie beside a checkout; DICTUM_DATA names another place.
 */
export const realInputPath: string =
  process.env.DICTUM_DATA ?? fileURLToPath(new URL('../../shared/data/word2vec-1000x300.json', import.meta.url));

/** The paper's reported tables, beside them. */
export const paperTablesPath: string = join(dirname(realInputPath), 'paper-tables.json');

/** For `test.skipIf(!hasRealInput())`. With DICTUM_REQUIRE_DATA=1, as in CI, missing data is an error. */
export const hasRealInput = (): boolean => isThere(realInputPath);
export const hasPaperTables = (): boolean => isThere(paperTablesPath);

function isThere(path: string): boolean {
  if (existsSync(path)) return true;
  if (process.env.DICTUM_REQUIRE_DATA === '1') {
    throw new Error(`DICTUM_REQUIRE_DATA=1, but there is no file ${path}: put it there or set DICTUM_DATA to its path`);
  }
  return false;
}
