import { type ErrorReport, reportOf } from '../sdk/index.ts';

type Acts = Readonly<Record<string, (...args: never[]) => unknown>>;

/** `id` 0 expects no answer. */
type Question = readonly [is: 'ask', id: number, act: string, args: readonly unknown[]];
type Answer = readonly [is: 'answer', id: number, value: unknown, failure?: Failure];

interface Failure {
  readonly name: string;
  readonly report: ErrorReport;
}

/** What went wrong at the other end of a line. */
export class FarError extends Error {
  /** The name of the error there. */
  readonly kind: string;
  readonly report: ErrorReport;

  constructor({ name, report }: Failure) {
    super(report.message);
    this.kind = name;
    this.report = report;
  }
}

/**
 * One end of a line between two threads. Each end has acts that the other one may ask for by name; arguments and results are cloned,
 * and an error comes back as a `FarError`.
 */
export class Line {
  private readonly post: (message: unknown) => void;
  private readonly acts: Acts;
  private readonly asked = new Map<number, PromiseWithResolvers<unknown>>();
  private next = 1;
  private failure: unknown;

  constructor(post: (message: unknown) => void, acts: Acts) {
    this.post = post;
    this.acts = acts;
  }

  ask<T>(act: string, ...args: readonly unknown[]): Promise<T> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.next++;
    const answer = Promise.withResolvers<unknown>();
    this.asked.set(id, answer);
    this.post(['ask', id, act, args] satisfies Question);
    return answer.promise as Promise<T>;
  }

  /** The same without an answer. */
  tell(act: string, ...args: readonly unknown[]): void {
    if (!this.failure) this.post(['ask', 0, act, args] satisfies Question);
  }

  /** What the other end has posted. */
  take(message: unknown): void {
    const given = message as Question | Answer;
    if (given[0] === 'ask') return void this.answer(given);
    const [, id, value, failure] = given;
    const asked = this.asked.get(id);
    this.asked.delete(id);
    if (failure) asked?.reject(new FarError(failure));
    else asked?.resolve(value);
  }

  private async answer([, id, act, args]: Question): Promise<void> {
    try {
      const value = await this.acts[act]?.(...(args as never[]));
      if (id !== 0) this.post(['answer', id, value] satisfies Answer);
    } catch (error) {
      if (id === 0) throw error;
      const name = error instanceof Error ? error.name : '';
      this.post(['answer', id, undefined, { name, report: reportOf(error) }] satisfies Answer);
    }
  }

  /** The other end is gone: whatever was asked, or is from here on, fails with this error. */
  break(error: unknown): void {
    this.failure ??= error;
    for (const { reject } of this.asked.values()) reject(this.failure);
    this.asked.clear();
  }
}
