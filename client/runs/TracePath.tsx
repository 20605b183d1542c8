import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { nodeTypesQuery } from '../api/queries.ts';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { countOf, formatCount } from '../ui/format.ts';
import { statusWord } from '../ui/StatusBadge.tsx';
import classes from './TraceDrawer.module.css';
import { roundOf, type TraceStop } from './trace-stops.ts';

interface Props {
  readonly stops: readonly TraceStop[];
  readonly chosen: TraceStop;
  readonly onChoose: (stop: TraceStop) => void;
}

const parts = [
  { where: 'before', head: 'What it was' },
  { where: 'here', head: 'The record' },
  { where: 'after', head: 'What came of it' },
] as const;

/** The stops one below the other; the arrow keys go along them. */
export function TracePath({ stops, chosen, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.focus({ preventScroll: true }), []);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -stops.length, End: stops.length }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = Math.max(0, Math.min(stops.length - 1, stops.indexOf(chosen) + step));
    const next = stops[at];
    if (next) onChoose(next);
    list.current?.querySelectorAll<HTMLElement>('[role=option]')[at]?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div
      ref={list}
      className={classes.path}
      role="listbox"
      aria-label="Steps on the way of the record"
      aria-activedescendant={idOf(chosen)}
      tabIndex={0}
      onKeyDown={move}
    >
      {parts.map(({ where, head }) => {
        const here = stops.filter((stop) => stop.where === where);
        if (here.length === 0) return null;
        return (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a list box
          <div key={where} role="group" aria-label={head} className={classes.part}>
            <div className={classes.partHead} aria-hidden>
              {head}
            </div>
            {here.map((stop) => (
              <Stop key={stop.key} stop={stop} isChosen={stop === chosen} onChoose={() => onChoose(stop)} />
            ))}
          </div>
        );
      })}
    </div>
  );
}

function Stop({ stop, isChosen, onChoose }: { stop: TraceStop; isChosen: boolean; onChoose: () => void }) {
  const connector = useQuery(nodeTypesQuery).data?.get(stop.type)?.connector ?? '';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the list
    <div
      id={idOf(stop)}
      role="option"
      aria-selected={isChosen}
      className={classes.stop}
      data-where={stop.where}
      data-ended={stop.count === 0 || undefined}
      onClick={onChoose}
    >
      <span className={classes.dot} aria-hidden>
        <ConnectorIcon connector={connector} type={stop.type} size={16} />
      </span>
      <span className={classes.words}>
        <span className={classes.name} title={stop.name}>
          {stop.name}
        </span>
        <span className={classes.place}>
          {[stopWords(stop), portWords(stop), roundOf(stop.step)].filter(Boolean).join(' · ')}
        </span>
      </span>
    </div>
  );
}

/** "record 7 of 1,200", "3,412 of 10,000 records", or why there is none. */
function stopWords(stop: TraceStop): string {
  const [first] = stop.records;
  if (!first)
    return stop.status === undefined || stop.status === 'succeeded' ? 'Gave nothing' : statusWord(stop.status);
  if (stop.count === 1) return `Record ${formatCount(first.index + 1)} of ${formatCount(stop.total)}`;
  return `${formatCount(stop.count)} of ${countOf(stop.total, 'record')}`;
}

function portWords({ side, port }: TraceStop): string {
  if (side === 'in') return 'as it came in';
  return port === undefined || port === 'records' ? '' : port;
}

function idOf({ key }: TraceStop): string {
  return `trace-${key.replaceAll(/[^\w]/g, '-')}`;
}
