/** Kernels as text: what they read, write and are told, and the code of one invocation. */

type Element = 'f32' | 'u32' | 'i32' | 'vec4f' | 'atomic<u32>';

export interface Kernel {
  readonly name: string;
  readonly reads: Readonly<Record<string, Element>>;
  readonly writes: Readonly<Record<string, Element>>;
  readonly told: Readonly<Record<string, 'f32' | 'u32' | 'i32'>>;
  /** Outside the entry point: workgroup memory, functions. */
  readonly before?: string;
  /** `g`: the number of the workgroup; `lane`: of the invocation in it. `p.name`: what it is told. */
  readonly code: string;
  /** Invocations of a workgroup; 256 is the least that every adapter offers. */
  readonly size?: number;
}

export const SIZE = 256;

/** The kernel in WGSL: storage buffers in the order of `reads`, `writes`, then the numbers. */
export function source({ reads, writes, told, before = '', code, size = SIZE }: Kernel): string {
  const bindings = [
    ...Object.entries(reads).map(([name, of]) => `var<storage, read> ${name}: array<${of}>;`),
    ...Object.entries(writes).map(([name, of]) => `var<storage, read_write> ${name}: array<${of}>;`),
    'var<uniform> p: Told;',
  ];
  return `struct Told { ${Object.entries(told)
    .map(([name, of]) => `${name}: ${of},`)
    .join(' ')} }
${bindings.map((text, at) => `@group(0) @binding(${at}) ${text}`).join('\n')}
${before}
@compute @workgroup_size(${size})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let g = group.x + group.y * groups.x;
${code}
}
`;
}

/** A kernel of `p.n` independent invocations; `j` is the number of each. */
export function each(
  name: string,
  { reads, writes, told }: Pick<Kernel, 'reads' | 'writes' | 'told'>,
  code: string,
): Kernel {
  const body = `  let j = g * ${SIZE}u + lane;
  if (j >= p.n) { return; }
  ${code}`;
  return { name, reads, writes, told: { n: 'u32', ...told }, code: body };
}

/** Sixteen sixteens: sums over a workgroup take two short rounds and few barriers. */
const PART = 16;

/** An exclusive sum over the workgroup: `scan(lane, value)`, with the sum of all in `scan_total` until the next. */
export const SCAN: string = `
var<workgroup> scan_room: array<u32, ${SIZE}>;
var<workgroup> scan_parts: array<u32, ${PART}>;
var<workgroup> scan_total: u32;
fn scan(lane: u32, value: u32) -> u32 {
  workgroupBarrier();
  scan_room[lane] = value;
  workgroupBarrier();
  if (lane < ${PART}u) {
    var before = 0u;
    for (var i = lane * ${PART}u; i < (lane + 1u) * ${PART}u; i++) {
      let one = scan_room[i];
      scan_room[i] = before;
      before += one;
    }
    scan_parts[lane] = before;
  }
  workgroupBarrier();
  var before = 0u;
  for (var part = 0u; part < lane / ${PART}u; part++) { before += scan_parts[part]; }
  let place = before + scan_room[lane];
  if (lane == ${SIZE - 1}u) { scan_total = place + value; }
  workgroupBarrier();
  return place;
}
`;

/** A sum over the workgroup, in a fixed order; the same in all invocations. */
export const SUM: string = `
var<workgroup> sum_room: array<f32, ${SIZE}>;
var<workgroup> sum_parts: array<f32, ${PART}>;
fn sum(lane: u32, value: f32) -> f32 {
  workgroupBarrier();
  sum_room[lane] = value;
  workgroupBarrier();
  if (lane < ${PART}u) {
    var part = 0f;
    for (var i = lane * ${PART}u; i < (lane + 1u) * ${PART}u; i++) { part += sum_room[i]; }
    sum_parts[lane] = part;
  }
  workgroupBarrier();
  var all = 0f;
  for (var i = 0u; i < ${PART}u; i++) { all += sum_parts[i]; }
  return all;
}
`;
