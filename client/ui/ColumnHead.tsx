import { Popover } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import classes from './DataTable.module.css';

const narrowest = 48;
const widest = 900;

/** What is known of the columns of a table. */
export interface ColumnAbout {
  /** A few words below the name; none while they are not known. */
  note(column: string): string | undefined;
  /** What the column's name opens. */
  detail(column: string): ReactNode;
  /** The first one was opened. */
  onOpen(): void;
}

/** A column's name with a handle at its end that sets its width, by pointer or with the arrow keys. */
export function ColumnHead({
  name,
  about,
  width,
  onWidth,
}: {
  name: string;
  about?: ColumnAbout | undefined;
  width: number;
  onWidth: (width: number) => void;
}) {
  const drag = useRef<{ from: number; width: number } | undefined>(undefined);
  const set = (next: number) => onWidth(Math.max(narrowest, Math.min(widest, next)));
  const down = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: event.clientX, width };
  };
  const move = (event: PointerEvent) => {
    if (drag.current) set(drag.current.width + event.clientX - drag.current.from);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    event.stopPropagation();
    set(width + (event.key === 'ArrowRight' ? 16 : -16));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtualiser, which a table element cannot do
    // biome-ignore lint/a11y/useFocusableInteractive: the handle inside takes focus
    <div role="columnheader" className={classes.columnHead} title={name}>
      {about ? <AboutColumn name={name} about={about} /> : <span className={classes.text}>{name}</span>}
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be dragged */}
      <span
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${name}`}
        aria-valuenow={Math.round(width)}
        aria-valuemin={narrowest}
        aria-valuemax={widest}
        tabIndex={0}
        className={classes.handle}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => {
          drag.current = undefined;
        }}
        onKeyDown={key}
      />
    </div>
  );
}

/** The name as a button that opens what is known of the column. */
function AboutColumn({ name, about }: { name: string; about: ColumnAbout }) {
  const note = about.note(name);
  return (
    <Popover width={320} position="bottom-start" withArrow trapFocus returnFocus onOpen={about.onOpen}>
      <Popover.Target>
        <button type="button" className={classes.about} onKeyDown={(event) => event.stopPropagation()}>
          <span className={classes.text}>{name}</span>
          <span className={classes.note}>{note}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>{about.detail(name)}</Popover.Dropdown>
    </Popover>
  );
}
