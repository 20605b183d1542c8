/** A schedule in the words that people use, for the cron patterns that can be said that way. */
export type CronPlan =
  | { readonly kind: 'minutes'; readonly every: number }
  | { readonly kind: 'hourly'; readonly minute: number }
  | { readonly kind: 'daily'; readonly time: string }
  | { readonly kind: 'weekdays'; readonly time: string }
  | { readonly kind: 'weekly'; readonly day: number; readonly time: string }
  | { readonly kind: 'monthly'; readonly date: number; readonly time: string };

export function printCron(plan: CronPlan): string {
  if (plan.kind === 'minutes') return `*/${plan.every} * * * *`;
  if (plan.kind === 'hourly') return `${plan.minute} * * * *`;
  const [hour = '0', minute = '0'] = plan.time.split(':');
  const at = `${Number(minute)} ${Number(hour)}`;
  if (plan.kind === 'daily') return `${at} * * *`;
  if (plan.kind === 'weekdays') return `${at} * * 1-5`;
  if (plan.kind === 'weekly') return `${at} * * ${plan.day}`;
  return `${at} ${plan.date} * *`;
}

/** Undefined for patterns that say more than a plan can. */
export function readCron(pattern: string): CronPlan | undefined {
  const [minute = '', hour = '', date = '', month = '', day = '', ...rest] = pattern.trim().split(/\s+/);
  if (rest.length > 0 || month !== '*') return undefined;
  const every = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (every !== undefined && hour === '*' && date === '*' && day === '*')
    return { kind: 'minutes', every: Number(every) };
  if (!/^\d+$/.test(minute)) return undefined;
  if (hour === '*' && date === '*' && day === '*') return { kind: 'hourly', minute: Number(minute) };
  if (!/^\d+$/.test(hour)) return undefined;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (date === '*' && day === '*') return { kind: 'daily', time };
  if (date === '*' && day === '1-5') return { kind: 'weekdays', time };
  if (date === '*' && /^[0-6]$/.test(day)) return { kind: 'weekly', day: Number(day), time };
  if (day === '*' && /^\d+$/.test(date)) return { kind: 'monthly', date: Number(date), time };
  return undefined;
}

export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** "every weekday at 09:30" */
export function planWords(plan: CronPlan): string {
  if (plan.kind === 'minutes') return plan.every === 1 ? 'every minute' : `every ${plan.every} minutes`;
  if (plan.kind === 'hourly') return `every hour at minute ${plan.minute}`;
  if (plan.kind === 'daily') return `every day at ${plan.time}`;
  if (plan.kind === 'weekdays') return `every weekday at ${plan.time}`;
  if (plan.kind === 'weekly') return `every ${dayNames[plan.day]} at ${plan.time}`;
  return `on day ${plan.date} of every month at ${plan.time}`;
}
