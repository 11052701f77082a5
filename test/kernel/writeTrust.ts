/** Writes the table of TRUST.md: `npm run trust`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, source, withTable } from './trusted.ts';

writeFileSync(join(repository, 'TRUST.md'), withTable(source('TRUST.md')));
