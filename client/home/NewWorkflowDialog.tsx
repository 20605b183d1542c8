import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { routes } from '../../spec/api/routes.ts';
import { FORMAT } from '../../spec/workflow/document.ts';
import { call } from '../api/call.ts';
import { freeId } from '../canvas/edits.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly taken: ReadonlySet<string>;
}

/** Asks for a name, since the workflow's id is made from it and stays. */
export function NewWorkflowDialog({ opened, onClose, taken }: Props) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: (given: string) =>
      call(routes.importWorkflow, { body: { format: FORMAT, id: freeId(given, taken), name: given } }),
    onSuccess: ({ id }) => navigate(`/workflows/${id}`),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') make.mutate(name.trim());
  };
  return (
    <Modal opened={opened} onClose={onClose} title="New workflow">
      <form onSubmit={submit}>
        <Stack>
          {make.error && <ProblemNotice title="The workflow was not made" error={make.error} />}
          <TextInput
            label="Name"
            placeholder="Nightly account sync"
            description="Say what it does. You can rename it at any time."
            data-autofocus
            required
            withAsterisk={false}
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending} disabled={name.trim() === ''}>
              Make the workflow
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
