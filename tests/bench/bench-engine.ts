import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { createEngine, type Engine } from '../../engine/index.ts';
import { systemClock } from '../../engine/ports.ts';
import { nodes, triggers } from '../../nodes/index.gen.ts';
import type { NodeDefinition } from '../../sdk/index.ts';
import { createFileArea } from '../../server/files/file-area.ts';
import { stepThreads } from '../../server/step-threads.ts';
import { FolderBlobs } from '../../server/storage/blobs/folder-blobs.ts';
import { SqliteRunStore } from '../../server/storage/sqlite/runs.ts';
import { ThreadedWriter } from '../../server/storage/sqlite/threaded-writer.ts';
import type { RunView } from '../../spec/api/run.ts';
import type { workflow } from '../engine-world.ts';

export interface BenchEngine {
  readonly engine: Engine;
  readonly home: string;
  /** Runs to the end; throws when the run does not succeed. */
  run(request: ReturnType<typeof workflow>, records?: readonly Record<string, unknown>[]): Promise<RunView>;
  /** Removes the datasets of the runs so far. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** The engine with the nodes and the storage that the server gives it, in this process. `more` are nodes of a benchmark. */
export function benchEngine(
  options: {
    more?: readonly NodeDefinition[];
    credentials?: Record<string, { type: string; values: Record<string, unknown> }>;
  } = {},
): BenchEngine {
  const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const store = new SqliteRunStore(new ThreadedWriter(join(home, 'runs.db')));
  const blobs = new FolderBlobs(join(home, 'blobs'));
  const byType = new Map([...nodes, ...(options.more ?? [])].map((node) => [node.type, node]));
  const engine = createEngine({
    clock: systemClock,
    store,
    blobs,
    registry: {
      node: (type) => byType.get(type),
      trigger: (type) => triggers.find((trigger) => trigger.type === type),
    },
    credentials: {
      resolve: async (id) =>
        options.credentials?.[id] ?? Promise.reject(new Error(`The benchmark knows no credential "${id}"`)),
    },
    http: ({ signal }) => axios.create({ signal }),
    egress: { check: async () => {} },
    files: createFileArea(join(home, 'files'), blobs),
    vars: () => ({}),
    published: async () => undefined,
    stepThreads: stepThreads(join(home, 'blobs')),
  });
  const ran: string[] = [];
  return {
    engine,
    home,
    run: async (request, records) => {
      const started = await engine.start({ ...request, until: 'finished', ...(records ? { records } : {}) });
      ran.push(started.id);
      const view = await started.finished;
      if (view.status !== 'succeeded') throw new Error(`The run ${view.status}: ${JSON.stringify(view.error)}`);
      return view;
    },
    sweep: async () => {
      for (const id of ran.splice(0)) await blobs.delete(`runs/${id}`);
    },
    close: async () => {
      await engine.close();
      await store.close();
      blobs.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
