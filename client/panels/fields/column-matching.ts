import { printReference } from '../template/reference.ts';
import { formulaValue } from '../template/template-text.ts';

/** "Account Name" and "account_name" are the same to a person. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/__c$/g, '')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Values for target columns that have no value yet and for which an incoming column of the same name is there. */
export function matchByName(
  targets: readonly string[],
  incoming: readonly string[],
  map: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const byName = new Map(incoming.map((name) => [plain(name), name]));
  const matched: Record<string, unknown> = { ...map };
  for (const target of targets) {
    const source = byName.get(plain(target));
    if (matched[target] !== undefined || source === undefined) continue;
    matched[target] = formulaValue(printReference({ step: undefined, which: 'item', path: [source] }));
  }
  return matched;
}
