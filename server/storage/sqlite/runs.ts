import type { JournalEntry, RunHeader } from '../../../engine/journal.ts';
import type {
  EndedFilter,
  EndedRun,
  FinishedRun,
  JournalPage,
  Memory,
  RunFilter,
  RunStore,
  StoredRun,
  StoreUsage,
  UnfinishedRun,
} from '../../../engine/ports.ts';
import type { RunStanding } from '../../../engine/run-state.ts';
import { summaryOf } from '../../../engine/run-summary.ts';
import type { RunSummary } from '../../../spec/api/run.ts';
import type { Workflow } from '../../../spec/workflow/document.ts';
import type { JournalRows, MemoryRow, NewRun, RunEnd, RunWriter, StandingColumns } from './run-tables.ts';

/** The run store on SQLite: one writer, group commit, a journal that gives way to a snapshot when a run ends. */
export class SqliteRunStore implements RunStore {
  private readonly writer: RunWriter;
  /** Unfinished runs that have a row already. */
  private readonly begun = new Set<string>();

  constructor(writer: RunWriter) {
    this.writer = writer;
  }

  async acceptRun(header: RunHeader, input: string): Promise<{ id: string; isNew: boolean }> {
    this.begun.add(header.id);
    const id = await this.writer.act('accept', newRun(header, input));
    return { id, isNew: id === header.id };
  }

  append(runId: string, entries: readonly JournalEntry[]): Promise<void> {
    return this.writer.act('append', runId, JSON.stringify(entries));
  }

  finishRun({ header, standing, input, snapshot }: FinishedRun, memory: readonly Memory[]): Promise<void> {
    const hasJournal = this.begun.delete(header.id);
    const { status, startedAt, endedAt, error } = columnsOf(standing);
    const end: RunEnd = [status, startedAt, endedAt, error, snapshot];
    return this.writer.act('finish', newRun(header, input), end, hasJournal, memory.map(memoryRowOf));
  }

  updateStanding(runId: string, standing: RunStanding): void {
    this.writer.act('stand', runId, columnsOf(standing)).catch(() => {});
  }

  async loadRun(runId: string): Promise<StoredRun | undefined> {
    const found = await this.writer.read('load', runId);
    if (!found) return undefined;
    const { row } = found;
    const header = JSON.parse(row.header) as RunHeader;
    if (!row.snapshot) this.begun.add(runId);
    return {
      header,
      summary: summaryOf({ ...standingFrom(row), header }),
      input: row.input,
      ...(row.snapshot ? { snapshot: row.snapshot } : {}),
      ...pageOf(found),
    };
  }

  async loadJournal(runId: string, from: number): Promise<JournalPage | undefined> {
    const rows = await this.writer.read('loadJournal', runId, from);
    return rows && pageOf(rows);
  }

  async listRuns(filter: RunFilter): Promise<{ runs: RunSummary[]; cursor?: string }> {
    const after = placeIn(filter.cursor);
    const rows = await this.writer.read('list', {
      workflowId: filter.workflowId,
      status: filter.status ?? [],
      notRestarted: filter.notRestarted ?? false,
      before: after && { createdAt: after.at, id: after.id },
      limit: filter.limit + 1,
    });
    const shown = rows.slice(0, filter.limit);
    const last = shown.at(-1);
    return {
      runs: shown.map((row) => summaryOf({ ...standingFrom(row), header: JSON.parse(row.header) as RunHeader })),
      ...(rows.length > filter.limit && last ? { cursor: `${last.createdAt}_${last.id}` } : {}),
    };
  }

  async unfinishedRuns(): Promise<UnfinishedRun[]> {
    const rows = await this.writer.read('unfinished');
    return rows.map(({ header, status }) => ({
      header: JSON.parse(header),
      status: status as UnfinishedRun['status'],
    }));
  }

  runOfKey(key: string): Promise<string | undefined> {
    return this.writer.read('ofKey', key);
  }

  calledRuns(runId: string): Promise<string[]> {
    return this.writer.read('called', runId);
  }

  dropRun(runId: string, memory: readonly Memory[]): Promise<void> {
    this.begun.delete(runId);
    return this.writer.act('forget', runId, memory.map(memoryRowOf));
  }

  saveVersion(hash: string, document: Workflow): Promise<void> {
    return this.writer.act('saveVersion', hash, JSON.stringify(document));
  }

  async loadVersion(hash: string): Promise<Workflow | undefined> {
    const text = await this.writer.read('loadVersion', hash);
    return text === undefined ? undefined : (JSON.parse(text) as Workflow);
  }

  async readMemory(workflowId: string, nodeId: string, key: string): Promise<unknown> {
    const text = await this.writer.read('recall', workflowId, nodeId, key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async endedRuns(filter: EndedFilter): Promise<{ runs: EndedRun[]; cursor?: string }> {
    const after = placeIn(filter.cursor);
    const runs = await this.writer.read('ended', {
      workflowId: filter.workflowId ?? null,
      before: filter.endedBefore ?? null,
      after: after && { createdAt: after.at, id: after.id },
      limit: filter.limit,
    });
    const last = runs.at(-1);
    return { runs, ...(runs.length === filter.limit && last ? { cursor: `${last.createdAt}_${last.id}` } : {}) };
  }

  knownRuns(ids: readonly string[]): Promise<{ id: string; workflowId: string; isOver: boolean }[]> {
    return this.writer.read('known', ids);
  }

  usage(): Promise<StoreUsage[]> {
    return this.writer.read('usage');
  }

  deleteRuns(ids: readonly string[]): Promise<string[]> {
    return this.writer.act('forgetEnded', ids);
  }

  reclaim(): Promise<number> {
    return this.writer.read('reclaim');
  }

  probe(): Promise<void> {
    return this.writer.probe();
  }

  close(): Promise<void> {
    return this.writer.close();
  }
}

function newRun(header: RunHeader, input: string): NewRun {
  const { id, workflowId, createdAt, key = null, restartOf = null, calledBy = null } = header;
  return [id, workflowId, createdAt, key, restartOf, calledBy, JSON.stringify(header), input];
}

function pageOf({ journal, more }: JournalRows): JournalPage {
  const entries = journal.flatMap((text) => JSON.parse(text) as JournalEntry[]);
  return { journal: entries, ...(more === undefined ? {} : { more }) };
}

function memoryRowOf(memory: Memory): MemoryRow {
  const { workflowId, nodeId, key } = memory;
  if ('value' in memory) return [workflowId, nodeId, key, JSON.stringify(memory.value), null];
  const { entries, most } = memory.added;
  return [workflowId, nodeId, key, JSON.stringify(entries.slice(-most)), most];
}

/** The row that a page of a list ended with. */
function placeIn(cursor: string | undefined): { at: number; id: string } | undefined {
  const parts = /^(\d+)_(.+)$/.exec(cursor ?? '');
  return parts ? { at: Number(parts[1]), id: String(parts[2]) } : undefined;
}

function columnsOf({ status, startedAt, finishedAt, error }: RunStanding): StandingColumns {
  return {
    status,
    startedAt: startedAt ?? null,
    endedAt: finishedAt ?? null,
    error: error === undefined ? null : JSON.stringify(error),
  };
}

function standingFrom({ status, startedAt, endedAt, error }: StandingColumns): RunStanding {
  return {
    status: status as RunStanding['status'],
    ...(startedAt === null ? {} : { startedAt }),
    ...(endedAt === null ? {} : { finishedAt: endedAt }),
    ...(error === null ? {} : { error: JSON.parse(error) as NonNullable<RunStanding['error']> }),
  };
}
