import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { asProblem } from '../api/problem-error.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { PracticeFieldInput } from './PracticeFieldInput.tsx';
import { type PracticeField, type PracticeObject, practiceApi } from './practice-api.ts';
import { practiceKey, recordPageQuery } from './queries.ts';

interface Props {
  readonly object: PracticeObject;
  /** A new one if absent. */
  readonly record: DataRecord | undefined;
  readonly opened: boolean;
  readonly mayEdit: boolean;
  readonly onClose: () => void;
}

export function PracticeRecordDrawer({ object, record, opened, mayEdit, onClose }: Props) {
  const fields = useQuery(recordPageQuery(object.name, '', 0, 200)).data?.fields ?? [];
  const title = record
    ? String(record.Name ?? record.Subject ?? record.Id ?? object.label)
    : `New ${object.label.toLowerCase()}`;
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={460} title={title}>
      <RecordForm
        key={String(record?.Id ?? 'new')}
        object={object}
        record={record}
        fields={fields}
        mayEdit={mayEdit}
        onClose={onClose}
      />
    </Drawer>
  );
}

/** Only what was changed is sent. The org's refusal is shown at the field that it names. */
function RecordForm({
  object,
  record,
  fields,
  mayEdit,
  onClose,
}: Omit<Props, 'opened'> & { fields: readonly PracticeField[] }) {
  const client = useQueryClient();
  const [changes, setChanges] = useState<DataRecord>({});
  const [asking, setAsking] = useState(false);
  const id = record === undefined ? undefined : String(record.Id);
  const refresh = () => client.invalidateQueries({ queryKey: practiceKey });
  const done = (message: string) => () => {
    notifications.show({ message });
    onClose();
  };
  const save = useMutation({
    mutationFn: () =>
      id === undefined
        ? practiceApi.createRecord(object.name, changes)
        : practiceApi.editRecord(object.name, id, changes),
    onSuccess: done(id === undefined ? `${object.label} made.` : `${object.label} saved.`),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => practiceApi.deleteRecord(object.name, id ?? ''),
    onSuccess: done(`${object.label} deleted.`),
    onSettled: refresh,
  });
  const problem = save.error ? asProblem(save.error) : undefined;
  const refused = new Set(problem?.problems.map(({ path }) => String(path[0])));
  const editable = fields.filter((field) => field.editable);
  const shownAtField = editable.some(({ name }) => refused.has(name));
  const fixed = record === undefined ? [] : fields.filter((field) => !field.editable);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {save.error && !shownAtField && <ProblemNotice title="The record was not saved" error={save.error} />}
        {editable.map((field) => (
          <PracticeFieldInput
            key={field.name}
            field={field}
            readOnly={!mayEdit}
            value={field.name in changes ? changes[field.name] : record?.[field.name]}
            error={refused.has(field.name) ? problem?.message : undefined}
            onChange={(value) => setChanges((before) => ({ ...before, [field.name]: value }))}
          />
        ))}
        {fixed.map((field) => (
          <div key={field.name}>
            <Text size="sm" fw={500}>
              {field.label}
            </Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {String(record?.[field.name] ?? 'empty')}
            </Text>
          </div>
        ))}
        {mayEdit && (
          <Group
            justify="space-between"
            py="sm"
            pos="sticky"
            bottom={0}
            bg="var(--mantine-color-body)"
            style={{ borderTop: '1px solid var(--sluice-line)' }}
          >
            {id === undefined ? (
              <span />
            ) : (
              <Button variant="subtle" color="red.8" c="var(--mantine-color-error)" onClick={() => setAsking(true)}>
                Delete
              </Button>
            )}
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={save.isPending} disabled={Object.keys(changes).length === 0}>
                {id === undefined ? `Make the ${object.label.toLowerCase()}` : 'Save'}
              </Button>
            </Group>
          </Group>
        )}
      </Stack>
      <ConfirmDialog
        opened={asking}
        title={`Delete this ${object.label.toLowerCase()}?`}
        action="Delete"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">It is deleted from the practice org only. A reset brings the first records back.</Text>
      </ConfirmDialog>
    </form>
  );
}
