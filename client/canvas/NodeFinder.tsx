import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { NodeList } from './NodeList.tsx';
import { groupTypes, searchTypes } from './node-search.ts';

interface Props {
  readonly types: readonly NodeType[];
  readonly autoFocus?: boolean;
  readonly draggable?: boolean;
  readonly onChoose: (type: NodeType) => void;
}

/** A search field over the list of node types. Arrows move, Enter chooses. */
export function NodeFinder({ types, autoFocus = false, draggable = false, onChoose }: Props) {
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const found = useMemo(() => searchTypes(types, query), [types, query]);
  const groups = useMemo(
    () => (query.trim() === '' ? groupTypes(found) : found.length > 0 ? [{ name: 'Best matches', types: found }] : []),
    [found, query],
  );
  const flat = groups.flatMap((group) => group.types);
  const current = autoFocus || query !== '' ? flat[Math.min(active, flat.length - 1)] : undefined;

  useEffect(() => {
    if (autoFocus) input.current?.focus({ preventScroll: true });
  }, [autoFocus]);
  useEffect(() => {
    if (current) document.getElementById(`${id}-${current.type}`)?.scrollIntoView({ block: 'nearest' });
  }, [current, id]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((before) => Math.max(0, Math.min(flat.length - 1, before + step)));
    }
    if (event.key === 'Enter' && current) {
      event.preventDefault();
      onChoose(current);
    }
  };
  return (
    <>
      <TextInput
        ref={input}
        m={8}
        mb={0}
        size="sm"
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={current ? `${id}-${current.type}` : undefined}
        aria-label="Search steps"
        placeholder="Search: spreadsheet, message…"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <NodeList id={id} groups={groups} active={current?.type} draggable={draggable} onChoose={onChoose} />
    </>
  );
}
