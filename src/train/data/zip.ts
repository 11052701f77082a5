/**
 * A .zip archive, stored or deflated: no encryption, no further disks, at most 4 GiB. Checksums are compared, and a member never gets
 * longer than the directory says.
 */
import { crc32, inflateRawSync } from 'node:zlib';

export interface Member {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly sum: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

export type Refuse = (where: string, expected: string, found: string, next?: string) => never;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const CUT = 'The file is cut off or damaged: copy it again.';

/** The directory at the end of the archive. */
export function directory(bytes: Uint8Array, refuse: Refuse): readonly Member[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  // A comment of at most 64 KiB may follow it.
  while (end >= 0 && end >= bytes.length - 22 - 0xffff && view.getUint32(end, true) !== END) end--;
  if (end < 0 || view.getUint32(end, true) !== END) refuse('archive', 'a .zip directory at the end', 'none', CUT);
  const [count, start] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
  if (count === 0xffff || start === 0xffffffff) refuse('archive', 'at most 4 GiB and 65,534 arrays', 'more');
  const members: Member[] = [];
  const names = new Set<string>();
  for (let at = start, k = 0; k < count; k++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY) {
      refuse('archive', `${count} entries in the directory`, `${k}`, CUT);
    }
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const name = new TextDecoder('utf-8').decode(bytes.subarray(at + 46, at + 46 + (nameLength ?? 0)));
    if (names.has(name)) refuse('archive', 'each name once', `${JSON.stringify(name)} twice`);
    names.add(name);
    members.push({
      name,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      sum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return members;
}

export function unpacked(bytes: Uint8Array, member: Member, most: number, refuse: Refuse): Uint8Array {
  const { name, method, flags, sum, packed, size, at } = member;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (flags & 1) refuse(name, 'no password', 'an encrypted member', 'Write it without a password.');
  if (method !== 0 && method !== 8) {
    refuse(name, 'data stored or deflated', `compression method ${method}`, 'Write it again without that compression.');
  }
  if (size > most) refuse(name, `at most ${most} bytes`, `${size}`, 'Save fewer rows.');
  if (at + 30 > bytes.length || view.getUint32(at, true) !== LOCAL) refuse(name, 'its header', 'other bytes', CUT);
  const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (from + packed > bytes.length) refuse(name, `${packed} bytes`, `${Math.max(0, bytes.length - from)}`, CUT);
  const stored = bytes.subarray(from, from + packed);
  const data = method === 0 ? stored : inflated(stored, size, name, refuse);
  if (data.length !== size) refuse(name, `${size} bytes`, `${data.length}`, CUT);
  if (crc32(data) !== sum) refuse(name, 'the bytes its checksum is about', 'others', CUT);
  return data;
}

function inflated(stored: Uint8Array, size: number, name: string, refuse: Refuse): Uint8Array {
  try {
    return inflateRawSync(stored, { maxOutputLength: Math.max(1, size) });
  } catch {
    return refuse(name, `${size} deflated bytes`, 'others', CUT);
  }
}
