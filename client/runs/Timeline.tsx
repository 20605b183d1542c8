import type { CSSProperties } from 'react';
import type { RunView, StepView } from '../../spec/api/run.ts';
import { useNow } from '../ui/Ago.tsx';
import { countOf, formatDuration } from '../ui/format.ts';
import { StatusBadge, statusWord, toneOf } from '../ui/StatusBadge.tsx';
import { isOver, shownStatus } from './run-words.ts';
import classes from './Timeline.module.css';
import { type Span, stretchesOf, ticksOf } from './timeline-bars.ts';
import { countWords, rowsOf } from './timeline-rows.ts';

interface Props {
  readonly run: RunView;
  readonly chosen: string | undefined;
  readonly onChoose: (node: string) => void;
}

/** One line a step, with its bar: failed tries and waiting are marked. What stands in a container is set in below it. */
export function Timeline({ run, chosen, onChoose }: Props) {
  const isLive = !isOver(run);
  const now = useNow(500, isLive);
  const from = run.startedAt ?? run.createdAt;
  const span = { from, to: Math.max(from + 1, run.finishedAt ?? (isLive ? now : lastEnd(run, from))) };
  const ticks = ticksOf(span.to - span.from, 4).filter((tick) => tick < 0.9 * (span.to - span.from));
  const containers = new Set(run.steps.map(({ parent }) => parent));
  const rows = rowsOf(run).map((row) => ({ ...row, counts: countWords(row.step, containers.has(row.step.node)) }));
  return (
    <section className={classes.frame} aria-label="Steps over time">
      <div className={classes.head}>
        <span>Step</span>
        <div className={classes.axis} aria-hidden>
          {ticks.map((tick) => (
            <span key={tick} style={{ left: `${(tick / (span.to - span.from)) * 100}%` }}>
              {tick === 0 ? '0' : shortDuration(tick)}
            </span>
          ))}
        </div>
      </div>
      <ul className={classes.list}>
        {rows.map(({ step, depth, counts }) => (
          <li key={step.node}>
            <button
              type="button"
              className={classes.row}
              style={{ '--depth': depth } as CSSProperties}
              aria-pressed={step.node === chosen}
              onClick={() => onChoose(step.node)}
            >
              <StatusBadge status={shownStatus(run, step)} compact />
              <span className={classes.words}>
                <span className={classes.name} title={step.name}>
                  {step.name}
                </span>
                <span className={classes.counts} title={counts}>
                  {counts}
                </span>
              </span>
              <Bar step={step} status={shownStatus(run, step)} span={span} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Bar({ step, status, span }: { step: StepView; status: StepView['status']; span: Span }) {
  const tries = step.tries.length;
  const words =
    step.startedAt === undefined
      ? statusWord(status)
      : [
          formatDuration((step.finishedAt ?? span.to) - step.startedAt),
          ...(tries > 1 ? [countOf(tries, 'attempt')] : []),
        ].join(', ');
  return (
    <span className={classes.track} title={words}>
      <span className="visually-hidden">{words}</span>
      {stretchesOf(step, span).map((stretch) => (
        <span
          key={`${stretch.kind} ${stretch.from}`}
          className={classes.stretch}
          data-kind={stretch.kind}
          data-tone={toneOf(status)}
          style={{
            left: `min(${stretch.from * 100}%, 100% - 5px)`,
            width: `max(5px, ${(stretch.to - stretch.from) * 100}%)`,
          }}
        />
      ))}
    </span>
  );
}

function lastEnd(run: RunView, from: number): number {
  return Math.max(from, ...run.steps.map((step) => step.finishedAt ?? step.startedAt ?? from));
}

/** Marks of the axis have little room: "5 s", "2 min", "3 h". */
function shortDuration(ms: number): string {
  if (ms < 60_000) return `${ms / 1000} s`;
  if (ms < 3_600_000) return `${ms / 60_000} min`;
  return ms < 86_400_000 ? `${ms / 3_600_000} h` : `${ms / 86_400_000} d`;
}
