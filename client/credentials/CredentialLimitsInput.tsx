import { Button, Collapse, Group, NumberInput, Select, Stack, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { CredentialLimits } from '../../spec/api/credential.ts';

interface Props {
  readonly limits: CredentialLimits;
  readonly onChange: (limits: CredentialLimits) => void;
}

const PERIODS = [
  { value: 'second', label: 'in a second' },
  { value: 'minute', label: 'in a minute' },
  { value: 'hour', label: 'in an hour' },
];

/** How much all runs together may ask of the service. */
export function CredentialLimitsInput({ limits, onChange }: Props) {
  const { requests, per = 'second', parallel } = limits;
  const [opened, setOpened] = useState(requests !== undefined || parallel !== undefined);
  const set = (change: {
    requests?: number | undefined;
    per?: CredentialLimits['per'];
    parallel?: number | undefined;
  }) => {
    const next = { requests, per, parallel, ...change };
    onChange({
      ...(next.requests === undefined ? {} : { requests: next.requests, per: next.per }),
      ...(next.parallel === undefined ? {} : { parallel: next.parallel }),
    });
  };
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        color="gray"
        aria-expanded={opened}
        leftSection={opened ? <IconChevronDown size={15} aria-hidden /> : <IconChevronRight size={15} aria-hidden />}
        onClick={() => setOpened(!opened)}
      >
        Limits
      </Button>
      <Collapse expanded={opened}>
        <Stack mt="sm" gap="sm">
          <Text size="sm" c="dimmed">
            They hold for all runs together: a request that would be too many waits for its turn. When the service
            itself asks for a pause, every run with this credential keeps to it, with or without limits here.
          </Text>
          <Group align="flex-end" gap="xs" wrap="nowrap">
            <NumberInput
              label="Requests at most"
              placeholder="No limit"
              min={1}
              max={100_000}
              allowDecimal={false}
              thousandSeparator=","
              value={requests ?? ''}
              onChange={(value) => set({ requests: numberOf(value) })}
            />
            <Select
              aria-label="In which time"
              data={PERIODS}
              allowDeselect={false}
              disabled={requests === undefined}
              value={per}
              onChange={(value) => set({ per: value as CredentialLimits['per'] })}
            />
          </Group>
          <NumberInput
            label="Requests at the same time"
            placeholder="No limit"
            min={1}
            max={1_000}
            allowDecimal={false}
            value={parallel ?? ''}
            onChange={(value) => set({ parallel: numberOf(value) })}
          />
        </Stack>
      </Collapse>
    </div>
  );
}

function numberOf(value: string | number): number | undefined {
  return typeof value === 'number' && value >= 1 ? value : undefined;
}
