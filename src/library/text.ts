/** A plain JavaScript value as the JSON text that the strict reader reads, where no float can have crept in. */
import { MAX_DEPTH } from '../kernel/document/json.ts';
import { refuse } from './error.ts';

/**
 * Text stays as it is. Of values, strings, booleans, null, whole numbers up to 2^53, bigints, arrays and plain objects have a form; a number
 * with a fraction has none, because what was written may no longer be what it is: write `'0.1'`, or give the text of the file.
 * `name`: of the argument, in messages.
 */
export function textOf(value: string | object, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null)
    return refuse('wrong-type', name, 'an object, or JSON text', typeName(value));
  return written(value, '$', 0);
}

function written(value: unknown, path: string, depth: number): string {
  if (depth > MAX_DEPTH) return refuse('too-deep', path, `at most ${MAX_DEPTH} levels`, 'more');
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return `${value}`;
    case 'bigint':
      return `${value}`;
    case 'number':
      // -0 is 0.
      return Number.isSafeInteger(value)
        ? `${value + 0}`
        : refuse('float', path, 'a whole number; other quantities are strings, "1/4" or "0.25"', `${value}`);
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value))
        return `[${Array.from(value, (item, k) => written(item, `${path}[${k}]`, depth + 1)).join(',')}]`;
      if (!isPlain(value)) return refuse('wrong-type', path, 'plain objects, arrays, strings', typeName(value));
      const members = Object.entries(value).filter(([, member]) => member !== undefined);
      return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${written(member, `${path}.${key}`, depth + 1)}`).join(',')}}`;
    }
    default:
      return refuse('wrong-type', path, 'plain objects, arrays, strings', typeName(value));
  }
}

/** From any realm: an object of another window, or of a module of its own, is plain as well. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const typeName = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'object' ? (value.constructor?.name ?? 'an object') : typeof value;
