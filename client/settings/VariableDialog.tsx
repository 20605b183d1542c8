import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { kindOfVariable, readVariable, writeVariable } from './variable-text.ts';

interface Props {
  /** A new one if absent. */
  readonly name: string | undefined;
  readonly value: unknown;
  readonly taken: ReadonlySet<string>;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSave: (name: string, value: unknown) => void;
  readonly onClose: () => void;
}

export function VariableDialog({ name: known, value, taken, busy, error, onSave, onClose }: Props) {
  const [name, setName] = useState(known ?? '');
  const [text, setText] = useState(known === undefined ? '' : writeVariable(value));
  const [checked, setChecked] = useState(false);
  const nameError =
    known !== undefined
      ? undefined
      : !/^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(name)
        ? 'Use letters, digits and underscores, such as region_code'
        : taken.has(name)
          ? 'There is a variable of this name'
          : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (nameError === undefined) onSave(name, readVariable(text));
  };
  return (
    <Modal opened onClose={onClose} title={known === undefined ? 'New variable' : `Variable ${known}`}>
      <form onSubmit={submit}>
        <Stack>
          {error !== null && error !== undefined && <ProblemNotice title="The variable was not saved" error={error} />}
          {known === undefined && (
            <TextInput
              label="Name"
              placeholder="region_code"
              data-autofocus
              value={name}
              error={checked && nameError}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <div>
            <Textarea
              label="Value"
              description='A text as it is, a number, true or false, or a list such as ["EUR", "USD"]'
              autosize
              minRows={2}
              maxRows={12}
              data-autofocus={known !== undefined || undefined}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Text size="xs" c="dimmed" mt={4}>
              Is kept as: {kindOfVariable(readVariable(text))}
            </Text>
          </div>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
