import { ActionIcon, Group, NumberInput, Text, Tooltip } from '@mantine/core';
import { IconArrowBarToDown, IconArrowBarToUp } from '@tabler/icons-react';
import classes from './DataTable.module.css';
import { countOf, formatCount } from './format.ts';

interface Props {
  /** Positions of the first and last row in view. */
  readonly first: number;
  readonly last: number;
  readonly total: number;
  readonly onGo: (row: number) => void;
}

/** Which rows of a long table are in view, and ways to any other. */
export function TableFoot({ first, last, total, onGo }: Props) {
  return (
    <Group gap={6} px="sm" py={4} wrap="nowrap" className={classes.foot}>
      <Text size="xs" c="dimmed" className={`tabular ${classes.inView}`}>
        {formatCount(first + 1)} to {formatCount(last + 1)} of {countOf(total, 'record')}
      </Text>
      <NumberInput
        size="xs"
        w={104}
        aria-label="Go to row"
        placeholder="Go to row"
        min={1}
        max={total}
        clampBehavior="strict"
        allowDecimal={false}
        thousandSeparator=","
        hideControls
        onKeyDown={(event) => {
          const row = Number(event.currentTarget.value.replaceAll(',', ''));
          if (event.key === 'Enter' && row >= 1 && row <= total) onGo(row - 1);
        }}
      />
      <Tooltip label="First row (Ctrl+Home)">
        <ActionIcon size="sm" aria-label="First row" onClick={() => onGo(0)}>
          <IconArrowBarToUp size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Last row (Ctrl+End)">
        <ActionIcon size="sm" aria-label="Last row" onClick={() => onGo(total - 1)}>
          <IconArrowBarToDown size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
