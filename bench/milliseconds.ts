/** Processor time in milliseconds, and what to do with it. */

export function milliseconds<T>(work: () => T): [number, T] {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return [(user + system) / 1000, result];
}

export const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[times.length >> 1] as number;

export const shown = (ms: number | undefined): string =>
  ms === undefined ? '-' : ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
