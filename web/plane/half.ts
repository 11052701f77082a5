/** Where a row is above the threshold, drawn: half of the disc, or of the sphere. */
import type { Camera, Point } from './camera.ts';

const px = (x: number): number => Math.round(10 * x) / 10;

/** In the plane. `offset`: of the border from 0 along the row, for a row of length 1. */
export function halfPlaneOf(
  row: readonly number[],
  theta: number,
  middle: number,
  reach: number,
): { path: string; from: Point; to: Point } {
  const [x = 0, y = 0] = row;
  const size = Math.hypot(x, y);
  const [ux, uy] = [x / size, y / size];
  const away = Math.max(-0.95 * reach, Math.min(0.95 * reach, theta / size));
  const half = Math.sqrt(reach * reach - away * away);
  const [cx, cy] = [middle + away * ux, middle - away * uy];
  const from: Point = [px(cx - half * uy), px(cy - half * ux)];
  const to: Point = [px(cx + half * uy), px(cy + half * ux)];
  return { path: `M ${from[0]} ${from[1]} A ${reach} ${reach} 0 ${away < 0 ? 1 : 0} 1 ${to[0]} ${to[1]} Z`, from, to };
}

interface Arc {
  readonly path: string;
  readonly behind: boolean;
}

const POINTS = 96;

/** On the sphere: the circle where the row is at the threshold, what of it is behind told apart; and, through 0, the half that faces the reader. */
export function borderOf(
  row: readonly number[],
  theta: number,
  camera: Camera,
  middle: number,
  unit: number,
): { front: string | undefined; arcs: readonly Arc[] } {
  const size = Math.hypot(...row);
  const e = row.map((x) => x / size);
  const away = Math.max(-1, Math.min(1, theta / size / unit));
  const radius = Math.sqrt(1 - away * away);
  const [p, q] = beside(e);
  const seen = Array.from({ length: POINTS + 1 }, (_, k) => {
    const t = (2 * Math.PI * k) / POINTS;
    return camera.see(e.map((x, i) => away * x + radius * (Math.cos(t) * (p[i] ?? 0) + Math.sin(t) * (q[i] ?? 0))));
  });
  const place = ([x, y]: readonly [number, number, number]): string =>
    `${px(middle + unit * x)} ${px(middle - unit * y)}`;
  const arcs: Arc[] = [];
  let from = 0;
  for (let k = 1; k <= POINTS; k++) {
    const behind = (seen[k - 1]?.[2] ?? 0) < 0;
    if (k < POINTS && (seen[k]?.[2] ?? 0) < 0 === behind) continue;
    arcs.push({
      path: `M ${seen
        .slice(from, k + 1)
        .map(place)
        .join(' L ')}`,
      behind,
    });
    from = k;
  }
  return { front: away === 0 ? frontOf(e, camera, middle, unit) : undefined, arcs };
}

/** The outline's half on the row's side, closed by the near half of the great circle. */
function frontOf(e: readonly number[], camera: Camera, middle: number, unit: number): string {
  const [ex, ey, ez] = camera.see(e);
  const angle = Math.atan2(ey, ex);
  const outline = Array.from({ length: 49 }, (_, k) => angle - Math.PI / 2 + (Math.PI * k) / 48);
  const flat = Math.hypot(ex, ey);
  // The great circle is seen as an ellipse: as wide as the sphere across the row, and |e_z| along it; near is the half away from where the row leans.
  const back = outline.map((t): Point => {
    const [across, along] = [Math.sin(t - angle), -ez * Math.cos(t - angle)];
    const [ux, uy] = flat > 0 ? [ex / flat, ey / flat] : [1, 0];
    return [along * ux - across * uy, along * uy + across * ux];
  });
  const points: Point[] = [...outline.map((t): Point => [Math.cos(t), Math.sin(t)]), ...back.reverse()];
  return `M ${points.map(([x, y]) => `${px(middle + unit * x)} ${px(middle - unit * y)}`).join(' L ')} Z`;
}

/** Two unit vectors across `e` and each other. */
function beside(e: readonly number[]): readonly [readonly number[], readonly number[]] {
  const [x = 0, y = 0, z = 0] = e;
  const p = Math.abs(z) < 0.9 ? [-y, x, 0] : [0, -z, y];
  const size = Math.hypot(...p);
  const [a = 0, b = 0, c = 0] = p.map((t) => t / size);
  return [
    [a, b, c],
    [y * c - z * b, z * a - x * c, x * b - y * a],
  ];
}
