/** Reads `data.items`, `result[0].rows` or `["odd name"].list`. The empty path is the value itself; what is not there is undefined. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const key of keysOf(path)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

function keysOf(path: string): string[] {
  const bare = path.trim().replace(/^\$\.?/, '');
  return [...bare.matchAll(/\["([^"]*)"\]|\['([^']*)'\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, double, single, index, name]) => double ?? single ?? index ?? name ?? '',
  );
}
