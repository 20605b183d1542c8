import { describe, expect, it, vi } from 'vitest';
import { EventFeed } from './events.ts';

class FakeSource {
  onmessage: ((message: { data: string }) => void) | null = null;
  onopen: (() => void) | null = null;
  closed = false;
  close() {
    this.closed = true;
  }
}

function feed() {
  const sources: FakeSource[] = [];
  const made = new EventFeed(() => {
    const source = new FakeSource();
    sources.push(source);
    return source as unknown as EventSource;
  });
  return { feed: made, sources };
}

const line = { kind: 'log', runId: 'r', workflowId: 'w', line: { at: 1, node: 'n', level: 'info', message: 'm' } };

describe('EventFeed', () => {
  it('shares one connection and closes it after the last listener', () => {
    const { feed: shared, sources } = feed();
    const first = shared.listen(() => {});
    const second = shared.listen(() => {});
    expect(sources).toHaveLength(1);
    first();
    expect(sources[0]?.closed).toBe(false);
    second();
    expect(sources[0]?.closed).toBe(true);
  });

  it('passes on events and ignores what is not one', () => {
    const { feed: shared, sources } = feed();
    const listener = vi.fn();
    shared.listen(listener);
    sources[0]?.onmessage?.({ data: 'not json' });
    sources[0]?.onmessage?.({ data: JSON.stringify({ kind: 'other' }) });
    sources[0]?.onmessage?.({ data: JSON.stringify(line) });
    expect(listener).toHaveBeenCalledExactlyOnceWith(line);
  });

  it('tells of the gap whenever a connection opens: what was read before it may be old', () => {
    const { feed: shared, sources } = feed();
    const onGap = vi.fn();
    shared.listen(() => {}, onGap);
    expect(onGap).not.toHaveBeenCalled();
    sources[0]?.onopen?.();
    expect(onGap).toHaveBeenCalledTimes(1);
    sources[0]?.onopen?.();
    expect(onGap).toHaveBeenCalledTimes(2);
  });
});
