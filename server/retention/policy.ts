import type { Settings } from '../../spec/api/settings.ts';
import type { Retention } from '../../spec/workflow/document.ts';
import { durationMs } from '../../spec/workflow/duration.ts';
import { sizeBytes } from '../../spec/workflow/size.ts';
import type { ServerSettings } from '../settings.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What may be kept; infinite where there is no limit. */
export interface Limits {
  /** Milliseconds since the end of a run. */
  readonly age: number;
  /** Bytes of the runs of one workflow. */
  readonly size: number;
}

export interface Policy {
  of(workflowId: string): Promise<Limits>;
  /** Bytes of all runs together. */
  total(): number;
}

export interface PolicySources {
  readonly environment: ServerSettings['retention'];
  readonly settings: () => Settings;
  readonly workspace: Pick<Workspace, 'published' | 'find'>;
}

/** What the live version of a workflow says (its draft, if none is live), then the settings page, then the environment. */
export function retentionPolicy({ environment, settings, workspace }: PolicySources): Policy {
  return {
    of: async (workflowId) => {
      const { document } = (await workspace.published(workflowId)) ??
        (await workspace.find(workflowId).catch(() => undefined)) ?? { document: undefined };
      const said = [document?.settings.retention, settings().retention, environment];
      return {
        age: limit(firstSaid(said, 'age'), durationMs),
        size: limit(firstSaid(said, 'size'), sizeBytes),
      };
    },
    total: () => limit(settings().retention?.total ?? environment.total, sizeBytes),
  };
}

function firstSaid(said: readonly (Retention | undefined)[], name: keyof Retention): string | undefined {
  return said.find((one) => one?.[name] !== undefined)?.[name];
}

/** "forever" and "unlimited" are no amounts, so they are no limits. */
function limit(text: string | undefined, amount: (text: string) => number | undefined): number {
  return (text === undefined ? undefined : amount(text)) ?? Number.POSITIVE_INFINITY;
}
