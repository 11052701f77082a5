/** From directions to the picture and back. Two dimensions as they are; three by an orthographic projection that can be turned. */

export type Point = readonly [number, number];

export interface Camera {
  /** To the right, up, and towards the reader. */
  readonly see: (v: readonly number[]) => readonly [number, number, number];
  /** A unit vector from where it is seen on the disc; `front`: on the side of the sphere that faces the reader. */
  readonly point: (at: Point, front: boolean) => number[];
}

const flat: Camera = {
  see: ([x = 0, y = 0]) => [x, y, 0],
  point: ([x, y]) => [x, y],
};

export function cameraFor(dimension: number, [around, up]: readonly [number, number]): Camera {
  if (dimension < 3) return flat;
  const [a, b] = [(around * Math.PI) / 180, (up * Math.PI) / 180];
  const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
  return {
    see: ([x = 0, y = 0, z = 0]) => {
      const away = x * sa + y * ca;
      return [x * ca - y * sa, z * cb + away * sb, z * sb - away * cb];
    },
    point: ([right, above], front) => {
      const size = Math.hypot(right, above);
      // Beyond its outline, the sphere's edge.
      const scale = size > 1 ? 1 / size : 1;
      const [r, u] = [right * scale, above * scale];
      const near = Math.sqrt(Math.max(0, 1 - r * r - u * u)) * (front ? 1 : -1);
      const [away, z] = [u * sb - near * cb, u * cb + near * sb];
      return [r * ca + away * sa, away * ca - r * sa, z];
    },
  };
}

/** A direction, turned. In the plane the angle; in space what lies between axis and direction, too. In radians. */
export function turned(v: readonly number[], by: Point): number[] {
  const [x = 0, y = 0, z] = v;
  // On a line there are two.
  if (v.length < 2) return [by[0] < 0 ? -1 : 1];
  const angle = Math.atan2(y, x) + by[0];
  if (z === undefined) return [Math.cos(angle), Math.sin(angle)];
  const height = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, Math.asin(z / Math.hypot(x, y, z)) + by[1]));
  return [Math.cos(height) * Math.cos(angle), Math.cos(height) * Math.sin(angle), Math.sin(height)];
}
