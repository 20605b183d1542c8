import type { DataRecord } from '../spec/workflow/record.ts';
import { NodeError } from './errors.ts';

interface Upgradable {
  readonly type: string;
  readonly title: string;
  readonly version: number;
  readonly upgrades: Readonly<Record<number, (params: DataRecord) => DataRecord>>;
}

/** Brings params written for an earlier version of a node to today's, one version at a time. */
export function upgradeParams(definition: Upgradable, params: DataRecord, version: number): DataRecord {
  if (version > definition.version) throw unknownVersion(definition, version);
  let upgraded = params;
  for (let at = version; at < definition.version; at++) {
    const upgrade = definition.upgrades[at];
    if (upgrade === undefined) throw unknownVersion(definition, version);
    upgraded = upgrade(upgraded);
  }
  return upgraded;
}

function unknownVersion(definition: Upgradable, version: number): NodeError {
  return new NodeError({
    class: 'config',
    code: 'node-version-unknown',
    message: `This server knows "${definition.title}" up to version ${definition.version}; the workflow uses version ${version}.`,
    remedy: 'Update the server, or take the node from the palette again.',
  });
}
