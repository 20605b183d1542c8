import type { Clock } from '../../engine/ports.ts';
import type { CredentialLimits } from '../../spec/api/credential.ts';
import { CallBudget } from './call-budget.ts';

export interface CallBudgetsOptions {
  readonly clock: Clock;
  /** Name and limits of a credential; `undefined` when it does not exist. */
  readonly limitsOf: (credential: string) => { name: string; limits: CredentialLimits } | undefined;
}

/** One budget for each credential, shared by all runs, dropdowns and polls. */
export class CallBudgets {
  private readonly options: CallBudgetsOptions;
  private readonly budgets = new Map<string, CallBudget>();

  constructor(options: CallBudgetsOptions) {
    this.options = options;
  }

  call<T>(credential: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    return this.budgetOf(credential).call(signal, act);
  }

  /** As `call`, for a request: a service that says "too many requests", or when to come again, pauses the whole credential. */
  request<T extends { status: number; headers: unknown }>(
    credential: string,
    signal: AbortSignal,
    send: () => Promise<T>,
  ): Promise<T> {
    const budget = this.budgetOf(credential);
    return budget.call(signal, async () => {
      try {
        const response = await send();
        this.heed(budget, response);
        return response;
      } catch (error) {
        const { response } = error as { response?: T };
        if (response) this.heed(budget, response);
        throw error;
      }
    });
  }

  /** The credential has changed. */
  change(credential: string): void {
    const known = this.options.limitsOf(credential);
    if (known) this.budgets.get(credential)?.change(known.limits);
    else this.budgets.delete(credential);
  }

  private budgetOf(credential: string): CallBudget {
    let budget = this.budgets.get(credential);
    if (!budget) {
      const { name, limits } = this.options.limitsOf(credential) ?? { name: credential, limits: {} };
      budget = new CallBudget(this.options.clock, name, limits);
      this.budgets.set(credential, budget);
    }
    return budget;
  }

  private heed(budget: CallBudget, { status, headers }: { status: number; headers: unknown }): void {
    if (status !== 429 && status !== 503) return;
    const asked = retryAfter(
      (headers as Record<string, unknown> | undefined)?.['retry-after'],
      this.options.clock.now(),
    );
    if (status === 429 || asked !== undefined) budget.pause(asked);
  }
}

/** Milliseconds from a `Retry-After` in seconds or as a date. */
function retryAfter(header: unknown, now: number): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
