import { Breath } from '../../sdk/index.ts';

/**
 * Positions 0 to n - 1 in the order of `compare`; equal ones keep their order. A merge sort in steps, so that sorting a million does
 * not hold the event loop.
 */
export async function sortedPositions(n: number, compare: (a: number, b: number) => number): Promise<Uint32Array> {
  const breath = new Breath();
  let from = new Uint32Array(n);
  let to = new Uint32Array(n);
  for (let i = 0; i < n; i++) from[i] = i;
  for (let start = 0; start < n; start += RUN) {
    insertionSort(from, start, Math.min(start + RUN, n), compare);
    if (breath.due()) await breath.pause();
  }
  for (let width = RUN; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takeLeft = right >= end || (left < middle && compare(from[left] as number, from[right] as number) <= 0);
        to[at] = from[takeLeft ? left++ : right++] as number;
        if (breath.due()) await breath.pause();
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

const RUN = 16;

function insertionSort(list: Uint32Array, start: number, end: number, compare: (a: number, b: number) => number): void {
  for (let i = start + 1; i < end; i++) {
    const value = list[i] as number;
    let at = i;
    while (at > start && compare(list[at - 1] as number, value) > 0) {
      list[at] = list[at - 1] as number;
      at--;
    }
    list[at] = value;
  }
}
