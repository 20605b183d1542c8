import type { Engine, StartedRun } from '../../engine/index.ts';
import type { Clock } from '../../engine/ports.ts';
import { Turns } from '../../engine/turns.ts';
import type { TriggerDefinition, TriggerSource } from '../../sdk/index.ts';
import { upgradeParams } from '../../sdk/upgrade.ts';
import type { Workflow, WorkflowNode } from '../../spec/workflow/document.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import { Fault } from '../fault.ts';
import type { ServiceContexts } from '../service-context.ts';
import { PollTrigger } from './poll-trigger.ts';
import { ScheduleTrigger } from './schedule-trigger.ts';
import type { ActiveTrigger, TriggerPlace } from './trigger-place.ts';
import type { TriggerState } from './trigger-state.ts';
import { WebhookTable } from './webhook-table.ts';

export interface TriggersOptions {
  readonly engine: Engine;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly state: TriggerState;
  readonly contexts: ServiceContexts;
  readonly definition: (type: string) => TriggerDefinition | undefined;
  readonly published: (workflowId: string) => Promise<{ document: Workflow; version: string } | undefined>;
  /** Time zone of workflows that name none. */
  readonly zone: () => string;
  readonly failed: (what: string, error: unknown) => void;
}

/** The triggers of all published workflows, live. */
export class Triggers {
  readonly webhooks = new WebhookTable();
  private readonly options: TriggersOptions;
  private readonly active = new Map<string, ActiveTrigger[]>();
  private readonly turns = new Turns();
  private closed = false;

  constructor(options: TriggersOptions) {
    this.options = options;
  }

  /** Brings the triggers of a workflow to what is published of it now. */
  sync(workflowId: string): Promise<void> {
    return this.turns.take(workflowId, async () => {
      this.takeDown(workflowId);
      const target = await this.options.published(workflowId);
      if (this.closed) return;
      const nodes = target?.document.nodes.filter((node) => !node.disabled) ?? [];
      this.options.state.keepOnly(
        workflowId,
        nodes.map((node) => node.id),
      );
      if (!target) return;
      for (const node of nodes) {
        const definition = this.options.definition(node.type);
        if (!definition) continue;
        try {
          await this.putUp(target, node, definition);
        } catch (error) {
          this.options.failed(`The trigger "${node.name}" of "${target.document.name}" could not be started`, error);
        }
      }
    });
  }

  /** Throws when a webhook of the document would answer calls that another workflow answers already. */
  checkPaths(document: Workflow): void {
    for (const node of document.nodes) {
      const definition = node.disabled ? undefined : this.options.definition(node.type);
      if (!definition) continue;
      const source = sourceOf(definition, node);
      const other = source.kind === 'webhook' && this.webhooks.holder(source, document.id);
      if (!other) continue;
      throw new Fault({
        kind: 'conflict',
        code: 'webhook-path-taken',
        message: `"${other}" listens at /hooks/${source.path} already.`,
        remedy: `Give the node "${node.name}" another path, or take the other workflow offline.`,
      });
    }
  }

  /** When the workflow will next start by itself. */
  nextRunAt(workflowId: string): number | undefined {
    const times = (this.active.get(workflowId) ?? []).flatMap((trigger) => trigger.next ?? []);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const workflowId of [...this.active.keys()]) this.takeDown(workflowId);
    await this.turns.idle();
  }

  private async putUp(
    target: { document: Workflow; version: string },
    node: WorkflowNode,
    definition: TriggerDefinition,
  ): Promise<void> {
    const source = sourceOf(definition, node);
    if (source.kind === 'manual') return;
    if (source.kind === 'webhook') {
      this.webhooks.put({ source, nodeId: node.id, credential: node.credential, target });
      return;
    }
    const { clock, contexts } = this.options;
    const { document } = target;
    const zone = document.settings.timezone ?? this.options.zone();
    const place = this.place(target, node, source.kind, zone);
    const workflow = { id: document.id, name: document.name, zone };
    const trigger =
      source.kind === 'schedule'
        ? new ScheduleTrigger(place, source, clock)
        : new PollTrigger(place, source, clock, {
            context: (signal) => contexts.open({ credential: node.credential, workflow, node, signal }),
            statusOf: (runId) => this.statusOf(runId),
          });
    this.active.set(document.id, [...(this.active.get(document.id) ?? []), trigger]);
    await trigger.start();
  }

  private place(
    target: { document: Workflow; version: string },
    node: WorkflowNode,
    cause: 'schedule' | 'poll',
    zone: string,
  ): TriggerPlace {
    const { state, failed } = this.options;
    const workflowId = target.document.id;
    return {
      workflowId,
      nodeId: node.id,
      zone,
      remembered: () => state.get(workflowId, node.id),
      remember: (value) => state.put(workflowId, node.id, value),
      start: ({ records, key }) => this.start({ target, trigger: node.id, cause, records, key }),
      failed,
    };
  }

  private async start(request: {
    target: { document: Workflow; version: string };
    trigger: string;
    cause: 'schedule' | 'poll';
    records: readonly Record<string, unknown>[];
    key: string;
  }): Promise<StartedRun | undefined> {
    const { target, ...rest } = request;
    try {
      return await this.options.dispatcher.start({ ...target, ...rest, draft: false, until: 'accepted' });
    } catch (error) {
      if (error instanceof Fault && error.code === 'overlapping') return undefined;
      throw error;
    }
  }

  private async statusOf(runId: string): Promise<string | undefined> {
    if (!(await this.options.engine.run(runId))) return undefined;
    return (await this.options.engine.finished(runId)).status;
  }

  private takeDown(workflowId: string): void {
    this.webhooks.remove(workflowId);
    for (const trigger of this.active.get(workflowId) ?? []) trigger.stop();
    this.active.delete(workflowId);
  }
}

function sourceOf(definition: TriggerDefinition, node: WorkflowNode): TriggerSource {
  return definition.source(definition.params.parse(upgradeParams(definition, node.params, node.version)));
}
