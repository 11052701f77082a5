/** Writes the documents of the oracle: `npx tsx conformance/write.ts`. */
import { writeFileSync } from 'node:fs';
import { documents, written } from './oracle.ts';

for (const document of documents())
  writeFileSync(new URL(`cases/${document.name}.json`, import.meta.url), written(document));
