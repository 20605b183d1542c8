import { useEffect, useEffectEvent } from 'react';
import type { RunEvent } from '../../spec/api/run.ts';
import { events } from './events.ts';

/** Calls `onEvent` for every run event while the component is shown; `onGap` when some may have been missed. */
export function useRunEvents(onEvent: (event: RunEvent) => void, onGap?: () => void): void {
  const receive = useEffectEvent(onEvent);
  const gap = useEffectEvent(() => onGap?.());
  useEffect(() => events.listen(receive, gap), []);
}
