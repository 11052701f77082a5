/** Results that are on the disk as soon as they are known: a part that is cut off loses nothing. */
import { writeFileSync } from 'node:fs';

/** Adds one result under its name, printed as a line; `file` holds all of them. */
export function recorder(file: string | undefined): (name: string, result: object) => void {
  const all: Record<string, object> = {};
  return (name, result) => {
    all[name] = result;
    console.log(`${name}: ${JSON.stringify(result)}`);
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(all, undefined, 1)}\n`);
  };
}

export const seconds = (since: number): number => (performance.now() - since) / 1000;
