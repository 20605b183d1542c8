import { Text } from '@mantine/core';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import classes from './NodeList.module.css';
import type { NodeGroup } from './node-search.ts';
import { startDrag } from './palette-drag.ts';

interface Props {
  readonly id: string;
  readonly groups: readonly NodeGroup[];
  /** Type that Enter would choose. */
  readonly active?: string | undefined;
  readonly draggable?: boolean;
  readonly onChoose: (type: NodeType) => void;
}

/** Node types to choose from, by group. */
export function NodeList({ id, groups, active, draggable, onChoose }: Props) {
  return (
    <div id={id} role="listbox" aria-label="Steps" className={classes.list}>
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset does not group options
        <div key={group.name} role="group" aria-label={group.name}>
          <Text className={classes.heading} aria-hidden>
            {group.name}
          </Text>
          {group.types.map((type) => (
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the search field
            // biome-ignore lint/a11y/useKeyWithClickEvents: the search field handles keys
            <div
              key={type.type}
              id={`${id}-${type.type}`}
              role="option"
              aria-selected={active === type.type}
              className={classes.option}
              data-active={active === type.type || undefined}
              draggable={draggable}
              onDragStart={(event) => startDrag(event, type.type)}
              onClick={() => onChoose(type)}
            >
              <span className={classes.icon}>
                <ConnectorIcon connector={type.connector} type={type.type} size={18} />
              </span>
              <span className={classes.words}>
                <span className={classes.title}>{type.title}</span>
                {type.description && <span className={classes.description}>{type.description}</span>}
              </span>
            </div>
          ))}
        </div>
      ))}
      {groups.length === 0 && (
        <Text size="sm" c="dimmed" p="sm">
          Nothing found. Try another word, such as "spreadsheet" or "message".
        </Text>
      )}
    </div>
  );
}
