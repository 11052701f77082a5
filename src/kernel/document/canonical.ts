/**
 * Canonical JSON (RFC 8785): the id of a document, the SHA-256 of this text, depends on what it says, not on its layout.
 * Only integers occur as JSON numbers in what is given an id, so RFC 8785's float formatting is not needed.
 */
import { type Json, Numeral } from './json.ts';

/** RFC 8785: no white space, keys in order of UTF-16 code units, JSON.stringify's escapes. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return `${value}`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Numeral) return value.text;
  if (value instanceof Map) {
    const members = [...(value as ReadonlyMap<string, Json>)].sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`;
}

/** SHA-256 of the UTF-8 form of a text in lower-case hexadecimal. The platform brings it: the kernel imports nothing. */
export type Digest = (text: string) => string;

/** The id of a document: the digest of its canonical form without the key "id" at the top. */
export function documentId(document: Json, sha256: Digest): string {
  const members = document instanceof Map ? new Map([...document].filter(([key]) => key !== 'id')) : document;
  return sha256(canonicalJson(members));
}
