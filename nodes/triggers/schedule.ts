import { Cron } from 'croner';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { defineTrigger, field, NodeError } from '../../sdk/index.ts';
import { readSchedule, type When } from '../../spec/workflow/schedule-words.ts';

export default defineTrigger({
  type: 'schedule',
  version: 1,
  title: 'Schedule',
  summary: 'On schedule: {cron}{every}',
  description:
    'Starts at set times: give a cron pattern or plain words. Gives one record that says which time it stands for.',
  connector: 'triggers',
  keywords: ['cron', 'timer', 'every day', 'nightly', 'hourly', 'interval', 'recurring', 'time'],
  params: z.strictObject({
    cron: field
      .cron({
        label: 'At',
        placeholder: 'weekdays at 8:00',
        help: 'Plain words such as "weekdays at 8:00", or a cron pattern such as "0 8 * * 1-5".',
      })
      .optional(),
    every: field
      .text({
        label: 'Every',
        scope: 'literal',
        placeholder: '15 minutes',
        help: 'A stretch of time, such as "15 minutes".',
      })
      .optional(),
    timezone: field
      .text({
        label: 'Time zone',
        scope: 'literal',
        placeholder: 'Europe/Berlin',
        help: 'That of the workflow if left empty.',
      })
      .optional(),
    catchUp: field
      .choice(['all', 'latest', 'skip'], {
        label: 'Missed times',
        scope: 'literal',
        help: 'What to do about times that passed while the server was off.',
        options: [
          { value: 'latest', label: 'Make up for the latest one' },
          { value: 'all', label: 'Make up for each one' },
          { value: 'skip', label: 'Leave them out' },
        ],
      })
      .default('latest'),
  }),
  examples: [
    { title: 'Every night', params: { cron: '0 2 * * *', timezone: 'Europe/Berlin' } },
    { title: 'In plain words', params: { cron: 'weekdays at 8:00' } },
    { title: 'Every quarter of an hour', params: { every: '15 minutes' } },
  ],
  source: ({ cron, every, timezone, catchUp }) => {
    if ((cron === undefined) === (every === undefined)) throw unclear();
    if (timezone !== undefined && !IANAZone.isValidZone(timezone)) throw badZone(timezone);
    const when = every === undefined ? readCron(cron ?? '') : readEvery(every);
    return { kind: 'schedule', ...when, ...(timezone === undefined ? {} : { timezone }), catchUp };
  },
});

function readCron(text: string): When {
  const words = readSchedule(text);
  if (words !== undefined) return words;
  try {
    const pattern = text.trim();
    if (new Cron(pattern, { paused: true, mode: '5-or-6-parts' }).nextRun() !== null) return { cron: pattern };
  } catch {
    // Told below, in plain words.
  }
  throw new NodeError({
    class: 'config',
    code: 'schedule-unreadable',
    message: `"${text}" is no schedule that ever comes.`,
    remedy: 'Write words such as "weekdays at 8:00", or a cron pattern such as "0 8 * * 1-5".',
    field: 'At',
  });
}

function readEvery(text: string): When {
  const words = readSchedule(/^every /i.test(text) ? text : `every ${text}`);
  if (words !== undefined) return words;
  throw new NodeError({
    class: 'config',
    code: 'schedule-unreadable',
    message: `"${text}" is no stretch of time.`,
    remedy: 'Write a number and a unit, such as "15 minutes", "2 hours" or "1 day".',
    field: 'Every',
  });
}

function unclear(): NodeError {
  return new NodeError({
    class: 'config',
    code: 'schedule-unclear',
    message: 'The schedule needs either set times or a stretch of time.',
    remedy: 'Fill in exactly one of At and Every.',
  });
}

function badZone(zone: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'timezone-unknown',
    message: `"${zone}" is not a time zone.`,
    remedy: 'Choose one such as "Europe/Berlin" or "America/New_York".',
    field: 'Time zone',
  });
}
