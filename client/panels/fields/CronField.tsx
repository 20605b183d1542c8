import { Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { Cron } from 'croner';
import { useState } from 'react';
import { readSchedule } from '../../../spec/workflow/schedule-words.ts';
import { useDocument } from '../../canvas/CanvasContext.tsx';
import { formatDateTime } from '../../ui/format.ts';
import type { FieldProps } from '../form/field.ts';
import { type CronPlan, dayNames, printCron, readCron } from './cron-plan.ts';

const kinds = [
  { value: 'minutes', label: 'Every few minutes' },
  { value: 'hourly', label: 'Every hour' },
  { value: 'daily', label: 'Every day' },
  { value: 'weekdays', label: 'Every weekday' },
  { value: 'weekly', label: 'Every week' },
  { value: 'monthly', label: 'Every month' },
  { value: 'pattern', label: 'In words or as a pattern' },
];

/** When a schedule starts, in words or as a cron pattern, with the next times that it gives. */
export function CronField({ id, ui, value, onChange, siblings }: FieldProps & { readonly id: string }) {
  const workflowZone = useDocument((state) => state.document.settings.timezone);
  const pattern = typeof value === 'string' ? value : '';
  const plan = readCron(pattern);
  const [asPattern, setAsPattern] = useState(false);
  const kind = pattern === '' && !asPattern ? null : asPattern || plan === undefined ? 'pattern' : plan.kind;
  const zone = typeof siblings.timezone === 'string' && siblings.timezone !== '' ? siblings.timezone : workflowZone;
  const set = (next: CronPlan) => onChange(printCron(next));
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Select
          id={id}
          w={200}
          data={kinds}
          value={kind}
          clearable
          placeholder="Choose how often"
          onChange={(next) => {
            setAsPattern(next === 'pattern');
            if (next === null) onChange(undefined);
            else if (next !== 'pattern') set(newPlan(next, plan));
          }}
        />
        {kind !== 'pattern' && plan && <PlanParts plan={plan} onChange={set} />}
        {kind === 'pattern' && (
          <TextInput
            aria-label={`${ui.label}, in words or as a pattern`}
            placeholder="0 2 * * 1-5"
            value={pattern}
            onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
          />
        )}
      </Group>
      {pattern !== '' && <NextTimes pattern={pattern} zone={zone} />}
    </Stack>
  );
}

function PlanParts({ plan, onChange }: { plan: CronPlan; onChange: (plan: CronPlan) => void }) {
  if (plan.kind === 'minutes') {
    return (
      <NumberInput
        w={120}
        suffix=" minutes"
        min={1}
        max={59}
        aria-label="Minutes"
        value={plan.every}
        onChange={(every) => onChange({ ...plan, every: Number(every) || 1 })}
      />
    );
  }
  if (plan.kind === 'hourly') {
    return (
      <NumberInput
        w={170}
        prefix="at minute "
        min={0}
        max={59}
        aria-label="Minute of the hour"
        value={plan.minute}
        onChange={(minute) => onChange({ ...plan, minute: Number(minute) || 0 })}
      />
    );
  }
  return (
    <>
      {plan.kind === 'weekly' && (
        <Select
          w={140}
          aria-label="Day of the week"
          data={dayNames.map((label, index) => ({ value: String(index), label }))}
          value={String(plan.day)}
          allowDeselect={false}
          onChange={(day) => onChange({ ...plan, day: Number(day) })}
        />
      )}
      {plan.kind === 'monthly' && (
        <NumberInput
          w={120}
          prefix="day "
          min={1}
          max={31}
          aria-label="Day of the month"
          value={plan.date}
          onChange={(date) => onChange({ ...plan, date: Number(date) || 1 })}
        />
      )}
      <TextInput
        type="time"
        aria-label="Time of day"
        value={plan.time}
        onChange={(event) => onChange({ ...plan, time: event.currentTarget.value || '00:00' })}
      />
    </>
  );
}

function NextTimes({ pattern, zone }: { pattern: string; zone: string | undefined }) {
  const [now] = useState(() => Date.now());
  const when = readSchedule(pattern) ?? { cron: pattern };
  const next = 'every' in when ? [1, 2, 3].map((count) => now + count * when.every) : cronTimes(when.cron, zone, now);
  if (next.length === 0) return null;
  return (
    <Text size="xs" c="dimmed">
      Next: {next.map((time) => formatDateTime(time, zone)).join(' · ')}
    </Text>
  );
}

/** None when the pattern cannot be read; validation says so. */
function cronTimes(pattern: string, zone: string | undefined, now: number): number[] {
  try {
    const cron = new Cron(pattern, { paused: true, ...(zone ? { timezone: zone } : {}) });
    return cron.nextRuns(3, new Date(now)).map((time) => time.getTime());
  } catch {
    return [];
  }
}

function newPlan(kind: string, before: CronPlan | undefined): CronPlan {
  const time = before && 'time' in before ? before.time : '08:00';
  if (kind === 'minutes') return { kind, every: 15 };
  if (kind === 'hourly') return { kind, minute: 0 };
  if (kind === 'weekly') return { kind, day: 1, time };
  if (kind === 'monthly') return { kind, date: 1, time };
  return kind === 'weekdays' ? { kind: 'weekdays', time } : { kind: 'daily', time };
}
