import {
  IconAlertTriangleFilled,
  IconBan,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleXFilled,
  IconClockHour4,
  IconHandStop,
  IconLoader2,
  IconMinus,
  IconRefresh,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { RunStatus, StepStatus } from '../../spec/api/run.ts';
import classes from './StatusBadge.module.css';

export type Status = RunStatus | StepStatus | 'warning';
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'quiet' | 'asks';

interface Look {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: ComponentType<{ size?: number; className?: string; 'aria-hidden'?: boolean }>;
  readonly turning?: boolean;
}

const looks: Readonly<Record<Status, Look>> = {
  queued: { word: 'Queued', tone: 'quiet', icon: IconCircleDashed },
  pending: { word: 'Waiting its turn', tone: 'quiet', icon: IconCircleDashed },
  running: { word: 'Running', tone: 'busy', icon: IconLoader2, turning: true },
  retrying: { word: 'Trying again', tone: 'warn', icon: IconRefresh },
  waiting: { word: 'Waiting', tone: 'busy', icon: IconClockHour4 },
  'needs-you': { word: 'Needs you', tone: 'asks', icon: IconHandStop },
  succeeded: { word: 'Done', tone: 'good', icon: IconCircleCheckFilled },
  failed: { word: 'Failed', tone: 'bad', icon: IconCircleXFilled },
  skipped: { word: 'Skipped', tone: 'quiet', icon: IconMinus },
  cancelled: { word: 'Cancelled', tone: 'quiet', icon: IconBan },
  warning: { word: 'Needs attention', tone: 'warn', icon: IconAlertTriangleFilled },
};

export function statusWord(status: Status): string {
  return looks[status].word;
}

export function toneOf(status: Status): Tone {
  return looks[status].tone;
}

/** Colour, shape and word together; `compact` hides the word from sight but not from screen readers. */
export function StatusBadge({ status, word, compact = false }: { status: Status; word?: string; compact?: boolean }) {
  const look = looks[status];
  const Icon = look.icon;
  return (
    <span
      className={classes.badge}
      data-tone={look.tone}
      data-compact={compact || undefined}
      title={compact ? look.word : undefined}
    >
      <Icon size={14} aria-hidden className={(look.turning && classes.turning) || ''} />
      <span className={compact ? 'visually-hidden' : undefined}>{word ?? look.word}</span>
    </span>
  );
}
