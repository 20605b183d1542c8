import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Role } from '../../spec/api/permission.ts';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { sessionQuery } from '../api/queries.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { tokensQuery } from './queries.ts';
import { RoleChoice } from './RoleChoice.tsx';
import classes from './Settings.module.css';

/** Makes a token and shows it this once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const own = useQuery(sessionQuery).data?.user?.role ?? 'viewer';
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(own);
  const make = useMutation({
    mutationFn: () => call(routes.createToken, { body: { name: name.trim(), role } }),
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') make.mutate();
  };
  if (make.data) {
    return (
      <Modal opened onClose={onClose} title={`Token “${name.trim()}”`} closeOnClickOutside={false}>
        <Stack>
          <Text size="sm">Copy it now: it is shown this once, and only its fingerprint is kept.</Text>
          <div className={classes.secret} data-testid="token">
            {make.data.token}
          </div>
          <Group justify="flex-end" gap="xs">
            <CopyButton value={make.data.token}>
              {({ copied, copy }) => (
                <Button
                  leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                  onClick={copy}
                >
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title="New API token">
      <form onSubmit={submit}>
        <Stack>
          {make.error && <ProblemNotice title="The token was not made" error={make.error} />}
          <TextInput
            label="Name"
            description="The program that will use it"
            placeholder="Nightly report"
            maxLength={200}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <RoleChoice value={role} onChange={setRole} most={own} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending} disabled={name.trim() === ''}>
              Make the token
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
