import type { ReactNode } from 'react';
import classes from './StatusBadge.module.css';
import type { Tone } from './StatusBadge.tsx';

/** A word on a soft ground. The colour never says anything that the words do not. */
export function Tag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
