/** What is linked, directly or through others: groups of 0 .. n - 1 by their least member, members in increasing order. */
export function connectedComponents(n: number, links: Iterable<readonly [number, number]>): number[][] {
  // Each member leads to another of its group, in the end to the one all lead to.
  const leader = Array.from({ length: n }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (leader[at] !== at) at = leader[at] as number;
    leader[i] = at;
    return at;
  };
  for (const [a, b] of links) leader[find(a)] = find(b);
  const groups = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const group = groups.get(find(i));
    if (group) group.push(i);
    else groups.set(find(i), [i]);
  }
  return [...groups.values()];
}
