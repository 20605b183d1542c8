import type { RunRequest } from '../../engine/ports.ts';
import type { TriggerSource } from '../../sdk/index.ts';

export type WebhookSource = Extract<TriggerSource, { kind: 'webhook' }>;

/** A live webhook: its settings and what it starts. */
export interface Webhook {
  readonly source: WebhookSource;
  readonly nodeId: string;
  readonly credential: string | undefined;
  readonly target: Pick<RunRequest, 'document' | 'version'>;
}

interface Pattern {
  readonly segments: readonly string[];
  readonly webhook: Webhook;
}

/** Which webhook answers a path. Fixed paths go before those with `:name` segments; of two alike, the one published first stays. */
export class WebhookTable {
  private readonly fixed = new Map<string, Webhook[]>();
  private patterns: Pattern[] = [];

  put(webhook: Webhook): void {
    const { path } = webhook.source;
    if (path.includes(':')) this.patterns.push({ segments: path.split('/'), webhook });
    else this.fixed.set(path, [...(this.fixed.get(path) ?? []), webhook]);
  }

  /** Takes all of a workflow's down. */
  remove(workflowId: string): void {
    for (const [path, webhooks] of this.fixed) {
      const kept = webhooks.filter((webhook) => webhook.target.document.id !== workflowId);
      if (kept.length > 0) this.fixed.set(path, kept);
      else this.fixed.delete(path);
    }
    this.patterns = this.patterns.filter(({ webhook }) => webhook.target.document.id !== workflowId);
  }

  /** Name of another workflow that takes a method of this very path (whatever its `:name`s are called). */
  holder({ path, methods }: WebhookSource, workflowId: string): string | undefined {
    const shape = (text: string) => text.replace(/:[^/]+/g, ':');
    const all = [...[...this.fixed.values()].flat(), ...this.patterns.map(({ webhook }) => webhook)];
    const found = all.find(
      ({ source, target }) =>
        target.document.id !== workflowId &&
        shape(source.path) === shape(path) &&
        source.methods.some((method) => methods.includes(method)),
    );
    return found?.target.document.name;
  }

  /** `methods` when the path is known, but not with this method. */
  find(
    method: string,
    path: string,
  ): { webhook: Webhook; params: Record<string, string> } | { methods: string[] } | undefined {
    const methods: string[] = [];
    for (const webhook of this.fixed.get(path) ?? []) {
      if (webhook.source.methods.includes(method)) return { webhook, params: {} };
      methods.push(...webhook.source.methods);
    }
    if (this.patterns.length > 0) {
      const segments = path.split('/');
      for (const pattern of this.patterns) {
        const params = match(pattern.segments, segments);
        if (!params) continue;
        if (pattern.webhook.source.methods.includes(method)) return { webhook: pattern.webhook, params };
        methods.push(...pattern.webhook.source.methods);
      }
    }
    return methods.length > 0 ? { methods: [...new Set(methods)] } : undefined;
  }
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (let i = 0; i < pattern.length; i++) {
    const [wanted, given] = [pattern[i] ?? '', segments[i] ?? ''];
    if (wanted.startsWith(':')) {
      if (given === '') return undefined;
      params[wanted.slice(1)] = given;
    } else if (wanted !== given) {
      return undefined;
    }
  }
  return params;
}
