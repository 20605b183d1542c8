import type { RestartPreview } from '../spec/api/restart.ts';
import type { Workflow } from '../spec/workflow/document.ts';
import { runNotFound } from './engine-faults.ts';
import type { JournalEntry, RunHeader } from './journal.ts';
import type { Plans } from './plans.ts';
import type { EnginePorts, StoredRun } from './ports.ts';
import { Takeover } from './restart.ts';
import { previewOf } from './restart-preview.ts';
import type { Run } from './run.ts';
import { newRunId } from './run-id.ts';

export interface RestartOptions {
  /** Step to begin with; what did not end well if absent. */
  readonly from?: string;
  /** The document to run and its content hash, if not the one of the run before. */
  readonly document?: Workflow;
  readonly version?: string;
}

/** What restarts need of the engine. */
export interface RestartHost {
  readonly ports: EnginePorts;
  readonly plans: Plans;
  load(id: string): Promise<{ run: Run; stored: StoredRun } | undefined>;
}

/** Entries written at a time. */
const BATCH = 5000;

/** A restart is a new run whose journal begins with what it takes over of the run before. */
export class Restarts {
  private readonly host: RestartHost;

  constructor(host: RestartHost) {
    this.host = host;
  }

  async preview(id: string, options: RestartOptions): Promise<RestartPreview> {
    const { run, plan, version } = await this.target(id, options);
    return previewOf(run, plan, version, options.from, this.host.ports.blobs);
  }

  /** Gives the new run's id once it is durable. Its journal is there before it is accepted, so that no crash makes it begin without. */
  async accept(id: string, options: RestartOptions): Promise<string> {
    const { run, stored, plan, version } = await this.target(id, options);
    const { store, clock } = this.host.ports;
    const createdAt = clock.now();
    const { key: _key, ...kept } = run.state.header;
    const header: RunHeader = {
      ...kept,
      id: newRunId(createdAt),
      version,
      workflowName: plan.document.name,
      cause: 'restart',
      createdAt,
      restartOf: id,
    };
    await store.saveVersion(version, plan.document);
    let batch: JournalEntry[] = [];
    const write = async () => {
      if (batch.length > 0) await store.append(header.id, batch);
      batch = [];
    };
    for await (const entry of new Takeover(run, plan, options.from, header.id, this.host.ports).entries()) {
      if (batch.push(entry) >= BATCH) await write();
    }
    await write();
    await store.acceptRun(header, stored.input);
    return header.id;
  }

  private async target(id: string, { document, version }: RestartOptions) {
    const loaded = await this.host.load(id);
    if (!loaded) throw runNotFound(id);
    const { run } = loaded;
    const hash = version ?? run.state.header.version;
    return { ...loaded, version: hash, plan: this.host.plans.of(hash, document ?? run.plan.document) };
  }
}
