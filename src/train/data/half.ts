/** IEEE 754 binary16 as the number it is. */
export function half(value: number): number {
  const [sign, exponent, fraction] = [value >> 15 ? -1 : 1, (value >> 10) & 31, value & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
