import type { RunInfo } from '../sdk/index.ts';
import type { RunHeader } from './journal.ts';
import type { ScopeFacts } from './scope.ts';

/** What the expressions of a run are told of it; `$run` and `$workflow` are made for the first that reads them. */
export class RunFacts implements ScopeFacts {
  readonly now: number;
  readonly zone: string;
  readonly vars: Readonly<Record<string, unknown>>;
  private readonly header: RunHeader;
  private readonly watermark: unknown;
  private knownRun: Record<string, unknown> | undefined;
  private knownWorkflow: Record<string, unknown> | undefined;

  constructor(
    header: RunHeader,
    { startedAt, zone }: RunInfo,
    vars: Readonly<Record<string, unknown>>,
    watermark: unknown,
  ) {
    this.header = header;
    this.now = startedAt;
    this.zone = zone;
    this.vars = vars;
    this.watermark = watermark ?? '1970-01-01T00:00:00.000Z';
  }

  get run(): Record<string, unknown> {
    this.knownRun ??= {
      id: this.header.id,
      startedAt: new Date(this.now).toISOString(),
      cause: this.header.cause,
      draft: this.header.draft,
      watermark: this.watermark,
    };
    return this.knownRun;
  }

  get workflow(): Record<string, unknown> {
    this.knownWorkflow ??= { id: this.header.workflowId, name: this.header.workflowName };
    return this.knownWorkflow;
  }
}
