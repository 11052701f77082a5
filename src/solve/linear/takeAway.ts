/** Takes the part of v along the unit vector q away, in place: a step of Gram and Schmidt's. */
export function takeAway(v: Float64Array, q: Float64Array): void {
  let along = 0;
  for (let k = 0; k < v.length; k++) along += (v[k] as number) * (q[k] as number);
  for (let k = 0; k < v.length; k++) v[k] = (v[k] as number) - along * (q[k] as number);
}
