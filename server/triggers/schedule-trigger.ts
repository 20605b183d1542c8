import type { Clock } from '../../engine/ports.ts';
import { missed, type Occurrences, occurrencesOf, type ScheduleSource } from './occurrences.ts';
import type { ActiveTrigger, TriggerPlace } from './trigger-place.ts';

/** What is remembered of a schedule: `times` identifies it, so that a changed one does not make up for the old one's times. */
interface Remembered {
  readonly times: string;
  /** Up to here every time has been dealt with. */
  readonly last: number;
}

/** A late timer (a laptop that slept) is still this occurrence's own when it fires within this time. */
const PUNCTUAL = 60_000;

/** Fires at the times of a schedule, each once: also over crashes, since a run's key is its time. */
export class ScheduleTrigger implements ActiveTrigger {
  private readonly place: TriggerPlace;
  private readonly source: ScheduleSource;
  private readonly clock: Clock;
  private readonly occurrences: Occurrences;
  private readonly times: string;
  private stopTimer: (() => void) | undefined;
  private stopped = false;
  next: number | undefined;

  constructor(place: TriggerPlace, source: ScheduleSource, clock: Clock) {
    this.place = place;
    this.source = source;
    this.clock = clock;
    this.occurrences = occurrencesOf(source, place.zone);
    this.times = JSON.stringify([source.cron, source.every, source.timezone ?? place.zone]);
  }

  /** Makes up for what was missed while nothing ran, then waits for the next time. */
  async start(): Promise<void> {
    const remembered = this.place.remembered() as Remembered | undefined;
    const now = this.clock.now();
    if (remembered?.times !== this.times) this.remember(now);
    else await this.fireAll(remembered.last, now, this.source.catchUp);
    this.arm();
  }

  stop(): void {
    this.stopped = true;
    this.stopTimer?.();
  }

  private arm(): void {
    if (this.stopped) return;
    const now = this.clock.now();
    const next = this.occurrences.after(now);
    this.next = next;
    if (next === undefined) return;
    // Timers reach no further than about 24 days, so a far one is looked at again when it fires.
    this.stopTimer = this.clock.after(Math.min(next - now, 2 ** 31 - 1), () => void this.due(next));
  }

  private async due(next: number): Promise<void> {
    const now = this.clock.now();
    if (this.stopped) return;
    if (now >= next) {
      const isPunctual = now - next < PUNCTUAL;
      try {
        await this.fireAll(next - 1, now, isPunctual ? 'all' : this.source.catchUp);
      } catch (error) {
        this.place.failed('A run could not be started at its time', error);
      }
    }
    this.arm();
  }

  private async fireAll(last: number, now: number, catchUp: ScheduleSource['catchUp']): Promise<void> {
    for (const time of missed(this.occurrences, last, now, catchUp)) {
      if (this.stopped) return;
      const previous = (this.place.remembered() as (Remembered & { fired?: number }) | undefined)?.fired;
      const record = {
        scheduledFor: new Date(time).toISOString(),
        startedAt: new Date(this.clock.now()).toISOString(),
        previous: previous === undefined ? null : new Date(previous).toISOString(),
      };
      await this.place.start({
        records: [record],
        key: `schedule:${this.place.workflowId}:${this.place.nodeId}:${time}`,
      });
      this.remember(time, time);
    }
    this.remember(now);
  }

  private remember(last: number, fired?: number): void {
    const before = this.place.remembered() as { fired?: number } | undefined;
    const kept = fired ?? before?.fired;
    this.place.remember({ times: this.times, last, ...(kept === undefined ? {} : { fired: kept }) });
  }
}
