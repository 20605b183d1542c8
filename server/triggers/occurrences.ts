import { Cron } from 'croner';
import type { TriggerSource } from '../../sdk/index.ts';

export type ScheduleSource = Extract<TriggerSource, { kind: 'schedule' }>;

/** At most so many missed times are made up for. */
const MOST = 1_000;

/** The times of a schedule. Epoch milliseconds. */
export interface Occurrences {
  /** The first one after `time`; `undefined` if there is none any more. */
  after(time: number): number | undefined;
}

/** `every` counts from the epoch, so that "15 minutes" means the quarters of the hour on every machine. */
export function occurrencesOf(source: ScheduleSource, zone: string): Occurrences {
  if (source.every !== undefined) {
    const { every } = source;
    return { after: (time) => Math.floor(time / every) * every + every };
  }
  const cron = new Cron(source.cron ?? '', { timezone: source.timezone ?? zone, paused: true });
  return { after: (time) => cron.nextRun(new Date(time))?.getTime() };
}

/** Times after `last` up to `now` that are to be made up for, oldest first. */
export function missed(
  occurrences: Occurrences,
  last: number,
  now: number,
  catchUp: ScheduleSource['catchUp'],
): number[] {
  if (catchUp === 'skip') return [];
  const times: number[] = [];
  for (let time = occurrences.after(last); time !== undefined && time <= now; time = occurrences.after(time)) {
    times.push(time);
    if (times.length > MOST) times.shift();
  }
  return catchUp === 'latest' ? times.slice(-1) : times;
}
