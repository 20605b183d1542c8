import { useRef } from 'react';

/** Keys for list entries without an id, so that editors keep their entry when others are added, removed or moved. */
export function useListKeys(length: number) {
  const keys = useRef<number[]>([]);
  const next = useRef(0);
  while (keys.current.length < length) keys.current.push(next.current++);
  keys.current.length = length;
  return {
    at: (index: number) => keys.current[index] ?? index,
    remove(index: number) {
      keys.current.splice(index, 1);
    },
    swap(index: number, other: number) {
      const [a, b] = [keys.current[index], keys.current[other]];
      if (a === undefined || b === undefined) return;
      keys.current[index] = b;
      keys.current[other] = a;
    },
  };
}
