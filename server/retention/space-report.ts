import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BlobStore, RunStore } from '../../engine/ports.ts';
import type { ServerSettings } from '../settings.ts';
import { FolderBlobs } from '../storage/blobs/folder-blobs.ts';
import { GroupCommit } from '../storage/sqlite/group-commit.ts';
import { SqliteRunStore } from '../storage/sqlite/runs.ts';
import { settingsFile } from '../workspace/kept-file.ts';
import { Workspace } from '../workspace/workspace.ts';
import { blobUsage } from './blob-usage.ts';
import { overdueRuns, usageOf } from './overdue.ts';
import { type Policy, retentionPolicy } from './policy.ts';

export interface SpaceUse {
  /** Absent for all together. */
  readonly workflowId?: string;
  readonly runs: number;
  readonly bytes: number;
  /** What retention would remove now. */
  readonly overdue: { readonly runs: number; readonly bytes: number };
}

/**
 * `spaceUse` of a data folder. Reads it and changes nothing, also beside a running server. Rejects when the data is of an earlier version.
 */
export async function spaceReport({ home, retention }: ServerSettings): Promise<SpaceUse[]> {
  const readOnly = (name: string) => new DatabaseSync(join(home, name), { readOnly: true, timeout: 2_000 });
  const runs = readOnly('runs.db');
  const state = readOnly('state.db');
  const blobs = new FolderBlobs(join(home, 'blobs'));
  try {
    const store = new SqliteRunStore(new GroupCommit(runs));
    const folder = join(home, 'workspace');
    const workspace = new Workspace({
      folder,
      db: state,
      now: Date.now,
      saveVersion: () => Promise.reject(new Error('Nothing is changed here')),
      failed: () => {},
      loadVersion: (hash) => store.loadVersion(hash),
    });
    const settings = settingsFile(folder, workspace.history);
    await settings.open();
    const policy = retentionPolicy({ environment: retention, settings: () => settings.get(), workspace });
    return await spaceUse({ store, blobs, policy, now: Date.now() });
  } finally {
    blobs.close();
    runs.close();
    state.close();
  }
}

/** What runs take up, all together first, then by workflow, the largest first. */
export async function spaceUse({
  store,
  blobs,
  policy,
  now,
}: {
  readonly store: Pick<RunStore, 'endedRuns' | 'usage' | 'knownRuns'>;
  readonly blobs: BlobStore;
  readonly policy: Policy;
  readonly now: number;
}): Promise<SpaceUse[]> {
  const beside = await blobUsage(blobs);
  const overdue = new Map<string, { runs: number; bytes: number }>();
  for await (const found of overdueRuns({ store, blobs: beside, policy, now })) {
    for (const { id, workflowId, bytes } of found.runs) {
      const sum = overdue.get(workflowId) ?? { runs: 0, bytes: 0 };
      overdue.set(workflowId, { runs: sum.runs + 1, bytes: sum.bytes + bytes + (beside.get(id)?.bytes ?? 0) });
    }
  }
  const uses = (await usageOf(store, beside))
    .map(({ workflowId, runs, bytes }) => ({
      workflowId,
      runs,
      bytes,
      overdue: overdue.get(workflowId) ?? { runs: 0, bytes: 0 },
    }))
    .sort((a, b) => b.bytes - a.bytes);
  return [total(uses), ...uses];
}

function total(uses: readonly SpaceUse[]): SpaceUse {
  const sum = { runs: 0, bytes: 0, overdue: { runs: 0, bytes: 0 } };
  for (const { runs, bytes, overdue } of uses) {
    sum.runs += runs;
    sum.bytes += bytes;
    sum.overdue.runs += overdue.runs;
    sum.overdue.bytes += overdue.bytes;
  }
  return sum;
}
