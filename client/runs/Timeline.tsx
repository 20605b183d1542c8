import type { RunView, StepView } from '../../spec/api/run.ts';
import { useNow } from '../ui/Ago.tsx';
import { countOf, formatCount, formatDuration } from '../ui/format.ts';
import { StatusBadge, statusWord, toneOf } from '../ui/StatusBadge.tsx';
import { isOver } from './run-words.ts';
import classes from './Timeline.module.css';
import { type Span, stretchesOf, ticksOf } from './timeline-bars.ts';

interface Props {
  readonly run: RunView;
  readonly chosen: string | undefined;
  readonly onChoose: (node: string) => void;
}

/** One line a step in the order in which they began, with its bar: failed tries and waiting are marked. */
export function Timeline({ run, chosen, onChoose }: Props) {
  const isLive = !isOver(run);
  const now = useNow(500, isLive);
  const from = run.startedAt ?? run.createdAt;
  const span = { from, to: Math.max(from + 1, run.finishedAt ?? (isLive ? now : lastEnd(run, from))) };
  const ticks = ticksOf(span.to - span.from, 4).filter((tick) => tick < 0.9 * (span.to - span.from));
  const order = (step: StepView) => (step.node === run.trigger ? 0 : (step.startedAt ?? Number.MAX_SAFE_INTEGER));
  const steps = run.steps.toSorted((a, b) => order(a) - order(b));
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
        {steps.map((step) => (
          <li key={step.node}>
            <button
              type="button"
              className={classes.row}
              aria-pressed={step.node === chosen}
              onClick={() => onChoose(step.node)}
            >
              <StatusBadge status={step.status} compact />
              <span className={classes.words}>
                <span className={classes.name} title={step.name}>
                  {step.name}
                </span>
                <span className={classes.counts}>{countWords(step)}</span>
              </span>
              <Bar step={step} span={span} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Bar({ step, span }: { step: StepView; span: Span }) {
  const tries = step.tries.length;
  const words =
    step.startedAt === undefined
      ? statusWord(step.status)
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
          data-tone={toneOf(step.status)}
          style={{ left: `${stretch.from * 100}%`, width: `max(5px, ${(stretch.to - stretch.from) * 100}%)` }}
        />
      ))}
    </span>
  );
}

/** "1,200 in, 1,180 out, 20 rejected" */
function countWords(step: StepView): string {
  const { progress } = step;
  if (progress && step.finishedAt === undefined) {
    return progress.total === undefined
      ? countOf(progress.done, 'record')
      : `${formatCount(progress.done)} of ${countOf(progress.total, 'record')}`;
  }
  const out = Object.entries(step.out);
  if (step.in === 0 && out.length === 0) return step.startedAt === undefined ? statusWord(step.status) : 'No records';
  const parts = out.filter(([, count], position) => position === 0 || count > 0);
  return [
    ...(step.in > 0 ? [`${formatCount(step.in)} in`] : []),
    ...parts.map(([port, count]) => `${formatCount(count)} ${port === 'records' ? 'out' : port}`),
  ].join(', ');
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
