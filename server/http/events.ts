import type { Response } from 'express';
import type { Engine } from '../../engine/index.ts';
import type { RunEvent } from '../../spec/api/run.ts';

const HEARTBEAT = 15_000;
/** Bytes waiting for a reader that does not keep up; beyond them it is cut off, and its browser connects again. */
const BACKLOG = 4_000_000;

/** Run events to whoever listens, as server-sent events. The engine is listened to only while somebody does. */
export class EventStreams {
  private readonly engine: Engine;
  private readonly readers = new Set<{ res: Response; wants: (event: RunEvent) => boolean }>();
  private stop: (() => void) | undefined;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  open(res: Response, filter: { workflow?: string | undefined; run?: string | undefined }): void {
    res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      Connection: 'keep-alive',
      'X-Accel-Buffering': 'no',
    });
    res.write(': connected\n\n');
    const reader = { res, wants: (event: RunEvent) => matches(event, filter) };
    const beat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT);
    this.readers.add(reader);
    this.stop ??= this.engine.on((event) => this.send(event));
    res.on('close', () => {
      clearInterval(beat);
      this.readers.delete(reader);
      if (this.readers.size > 0) return;
      this.stop?.();
      this.stop = undefined;
    });
  }

  close(): void {
    for (const { res } of this.readers) res.end();
  }

  private send(event: RunEvent): void {
    let text: string | undefined;
    for (const { res, wants } of this.readers) {
      if (!wants(event)) continue;
      text ??= `data: ${JSON.stringify(event)}\n\n`;
      if (res.writableLength > BACKLOG) res.destroy();
      else res.write(text);
    }
  }
}

function matches(
  event: RunEvent,
  { workflow, run }: { workflow?: string | undefined; run?: string | undefined },
): boolean {
  const [runId, workflowId] =
    event.kind === 'run' ? [event.run.id, event.run.workflowId] : [event.runId, event.workflowId];
  return (run === undefined || run === runId) && (workflow === undefined || workflow === workflowId);
}
