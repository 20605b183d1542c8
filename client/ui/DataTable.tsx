import { Skeleton, Text } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { type ColumnAbout, ColumnHead } from './ColumnHead.tsx';
import { cellOf, columnsOf, columnWidth, copyText } from './cell.ts';
import classes from './DataTable.module.css';
import { formatCount } from './format.ts';
import { TableFoot } from './TableFoot.tsx';
import { moved, type Place } from './table-keys.ts';

export interface DataTableProps {
  /** Names the table for screen readers. */
  readonly label: string;
  readonly total: number;
  /** The record at a position; undefined while it is on its way. */
  readonly recordAt: (position: number) => DataRecord | undefined;
  /** Called with the positions in view, so that they can be fetched. */
  readonly onVisible?: (first: number, last: number) => void;
  /** Columns to show first, in this order; others follow as they appear. */
  readonly columns?: readonly string[];
  readonly selected?: number | undefined;
  /** Makes rows selectable. */
  readonly onSelect?: (position: number) => void;
  readonly empty?: ReactNode;
  /** What is known of a column. */
  readonly about?: ColumnAbout | undefined;
  /** Class name of a cell, such as for a changed value. */
  readonly cellClass?: (record: DataRecord, column: string) => string | undefined;
}

const rowHeight = 30;
/** Room for a few words about a column. */
const aboutWidth = 124;
/** Browsers cannot scroll an element of any height, so longer tables are shown in parts of this many rows. */
const partSize = 100_000;
/** Longer tables have a foot to go about in them. */
const footFrom = 200;

/** A table of records of any number: only what is in view is rendered and asked for. Arrows move, Ctrl+End goes to the end, Ctrl+C copies a cell. */
export function DataTable(props: DataTableProps) {
  const { label, total, recordAt, onVisible, onSelect, selected, cellClass } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [partStart, setPartStart] = useState(0);
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({});
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const start = partStart < total ? partStart : 0;
  const rows = useVirtualizer({
    count: Math.min(partSize, total - start),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const first = start + (items[0]?.index ?? 0);
  const last = start + (items.at(-1)?.index ?? 0);
  const top = rows.scrollOffset ?? 0;
  const inView = Math.max(1, (scroller.current?.clientHeight ?? 0) - (props.about ? 42 : 32));
  const firstInView = Math.min(total - 1, start + Math.floor(top / rowHeight));
  const lastInView = Math.max(firstInView, Math.min(total - 1, start + Math.floor((top + inView) / rowHeight) - 1));
  const wanted = useRef<{ row: number; align: 'auto' | 'start' }>(undefined);
  const goTo = (row: number, align: 'auto' | 'start' = 'start') => {
    setActive((before) => ({ ...before, row }));
    const part = Math.floor(row / partSize) * partSize;
    if (part === start) return rows.scrollToIndex(row - start, { align });
    wanted.current = { row: row - part, align };
    setPartStart(part);
  };
  useLayoutEffect(() => {
    const at = wanted.current;
    if (!at || start !== partStart) return;
    wanted.current = undefined;
    rows.scrollToIndex(at.row, { align: at.align });
  }, [start, partStart, rows]);

  useEffect(() => {
    if (total > 0) onVisible?.(first, last);
  }, [first, last, total, onVisible]);

  const shown = items.map((item) => recordAt(start + item.index));
  const known = useRef<readonly string[]>([]);
  const columns = useMemo(() => {
    const next = [...new Set([...(props.columns ?? []), ...known.current, ...columnsOf(shown)])];
    return next;
  }, [props.columns, shown]);
  useEffect(() => {
    known.current = columns;
  }, [columns]);

  const widthOf = (column: string) =>
    widths[column] ??
    Math.max(
      props.about ? aboutWidth : 0,
      columnWidth(
        column,
        shown.slice(0, 20).map((record) => record?.[column]),
      ),
    );
  const fixed = useStableWidths(
    columns,
    shown.some((record) => record !== undefined),
    widthOf,
  );
  const template = `${Math.max(52, 22 + formatCount(total).length * 7)}px ${columns.map((column) => `${widths[column] ?? fixed[column] ?? widthOf(column)}px`).join(' ')} minmax(0, 1fr)`;

  if (total === 0) return <div className={classes.empty}>{props.empty ?? <Text c="dimmed">No records</Text>}</div>;

  const move = (event: KeyboardEvent) => {
    const next = moved(active, event, { rows: total, columns: columns.length });
    if (next) {
      event.preventDefault();
      setActive(next);
      goTo(next.row, 'auto');
      scrollToColumn(scroller.current, next.column);
    } else if ((event.ctrlKey || event.metaKey) && event.key === 'c' && String(window.getSelection() ?? '') === '') {
      void navigator.clipboard?.writeText(copyText(recordAt(active.row)?.[columns[active.column] ?? '']));
    } else if ((event.key === 'Enter' || event.key === ' ') && onSelect) {
      event.preventDefault();
      onSelect(active.row);
    }
  };

  return (
    <div className={classes.frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtualiser, which a table element cannot do */}
      <div
        ref={scroller}
        className={classes.scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={total + 1}
        aria-colcount={columns.length + 1}
        aria-activedescendant={
          items.some((item) => start + item.index === active.row) && columns.length > 0
            ? `${id}-${active.row}-${active.column}`
            : undefined
        }
        tabIndex={0}
        onKeyDown={move}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: focus stays on the grid */}
        <div
          className={classes.head}
          role="row"
          aria-rowindex={1}
          data-about={props.about !== undefined || undefined}
          style={{ gridTemplateColumns: template }}
        >
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
          <div className={classes.position} role="columnheader">
            <span className="visually-hidden">Position</span>
          </div>
          {columns.map((column) => (
            <ColumnHead
              key={column}
              name={column}
              about={props.about}
              width={widths[column] ?? fixed[column] ?? 120}
              onWidth={(width) => setWidths((before) => ({ ...before, [column]: width }))}
            />
          ))}
        </div>
        <div className={classes.body} style={{ height: rows.getTotalSize() }} role="presentation">
          {items.map((item) => {
            const position = start + item.index;
            const record = recordAt(position);
            return (
              // biome-ignore lint/a11y/useSemanticElements: see above
              // biome-ignore lint/a11y/useFocusableInteractive: see above
              // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on the grid selects
              <div
                key={item.key}
                role="row"
                aria-rowindex={position + 2}
                aria-selected={onSelect ? position === selected : undefined}
                className={classes.row}
                data-selected={position === selected || undefined}
                data-selectable={onSelect !== undefined || undefined}
                style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
                onClick={onSelect ? () => onSelect(position) : undefined}
              >
                {/* biome-ignore lint/a11y/useSemanticElements: see above */}
                {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
                <div className={classes.position} role="rowheader">
                  {formatCount(position + 1)}
                </div>
                {columns.map((column, index) => {
                  const cell = cellOf(record?.[column]);
                  return (
                    // biome-ignore lint/a11y/useSemanticElements: see above
                    // biome-ignore lint/a11y/useFocusableInteractive: see above
                    <div
                      key={column}
                      role="gridcell"
                      id={`${id}-${position}-${index}`}
                      className={`${classes.cell} ${(record && cellClass?.(record, column)) ?? ''}`}
                      data-kind={cell.kind}
                      data-active={(active.row === position && active.column === index) || undefined}
                      title={cell.text.length > 30 ? cell.text : undefined}
                      onPointerDown={() => setActive({ row: position, column: index })}
                    >
                      {record ? (
                        <>
                          <span className={classes.text}>{cell.text}</span>
                          <button
                            type="button"
                            tabIndex={-1}
                            className={classes.copy}
                            aria-label={`Copy ${column}`}
                            onClick={(event) => {
                              event.stopPropagation();
                              void navigator.clipboard?.writeText(copyText(record[column]));
                            }}
                          >
                            <IconCopy size={13} aria-hidden />
                          </button>
                        </>
                      ) : (
                        <Skeleton height={9} width="70%" />
                      )}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      {total > footFrom && <TableFoot first={firstInView} last={lastInView} total={total} onGo={goTo} />}
    </div>
  );
}

/** Widths are measured once a column's first values are there, so that columns do not jump while scrolling. */
function useStableWidths(columns: readonly string[], ready: boolean, measure: (column: string) => number) {
  const fixed = useRef<Record<string, number>>({});
  if (ready) for (const column of columns) fixed.current[column] ??= measure(column);
  return fixed.current;
}

function scrollToColumn(scroller: HTMLDivElement | null, column: number): void {
  scroller
    ?.querySelectorAll('[role=columnheader]')
    [column + 1]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
