import { Button, Collapse, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconPlugConnected } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CredentialLimits, CredentialMode, CredentialType, CredentialView } from '../../spec/api/credential.ts';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { credentialsQuery } from '../api/queries.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { CredentialFieldInput } from './CredentialFieldInput.tsx';
import { CredentialIcon } from './CredentialIcon.tsx';
import { CredentialLimitsInput } from './CredentialLimitsInput.tsx';
import classes from './Credentials.module.css';
import { fieldsOf, fieldValue, missingIn, sentValues, shownFields } from './credential-form.ts';
import { TestResult } from './TestResult.tsx';

interface Props {
  readonly type: CredentialType;
  /** A new one if absent. */
  readonly credential?: CredentialView;
  readonly mode: CredentialMode;
  readonly onDone: () => void;
}

/** Makes or changes a credential. Test tries what is in the form, saved or not. */
export function CredentialForm({ type, credential, mode: firstMode, onDone }: Props) {
  const client = useQueryClient();
  const fields = fieldsOf(type);
  const [name, setName] = useState(credential?.name ?? type.title);
  const [mode, setMode] = useState(firstMode);
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>(credential?.values ?? {});
  const [limits, setLimits] = useState<CredentialLimits>(credential?.limits ?? {});
  const [checked, setChecked] = useState(false);
  const [advanced, setAdvanced] = useState(false);
  const kept = new Set(credential?.filled);
  const missing: Record<string, string> = mode === 'real' ? missingIn(fields, values, kept) : {};
  const nameError = name.trim() === '' ? 'Give it a name' : undefined;
  const complete = Object.keys(missing).length === 0 && nameError === undefined;
  const body = { name: name.trim(), mode, values: sentValues(fields, values), limits };

  const test = useMutation({
    mutationFn: () =>
      call(routes.testCredentialValues, {
        body: { type: type.type, mode, values: body.values, ...(credential ? { id: credential.id } : {}) },
      }),
  });
  const save = useMutation({
    mutationFn: async () => {
      const { id } = credential
        ? await call(routes.changeCredential, { id: credential.id, body })
        : await call(routes.createCredential, { body: { ...body, type: type.type } });
      return id;
    },
    onSuccess: (id) => {
      onDone();
      // Whether it works is told in the list as soon as it is known.
      void call(routes.testCredential, { id })
        .catch(() => undefined)
        .finally(() => client.invalidateQueries({ queryKey: credentialsQuery.queryKey }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: credentialsQuery.queryKey }),
  });
  const whenComplete = (act: () => void) => {
    setChecked(true);
    if (complete) act();
    else if (fields.some(({ name: field, ui }) => ui.advanced && field in missing)) setAdvanced(true);
  };
  const input = (field: (typeof fields)[number]) => (
    <CredentialFieldInput
      key={field.name}
      field={field}
      value={fieldValue(field, values)}
      error={checked ? missing[field.name] : undefined}
      kept={kept.has(field.name)}
      onChange={(value) => {
        setValues((before) => ({ ...before, [field.name]: value }));
        test.reset();
      }}
    />
  );
  const shown = shownFields(fields, values);
  const more = shown.filter(({ ui }) => ui.advanced);

  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        whenComplete(() => save.mutate());
      }}
    >
      <Stack>
        <Group gap="xs">
          <CredentialIcon type={type.type} connector={type.connector} />
          <Text fw={500}>{type.title}</Text>
        </Group>
        <TextInput
          label="Name"
          description="How it is called in the steps that use it"
          value={name}
          error={checked && nameError}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {type.practice && (
          <div>
            <Text size="sm" fw={500} id="connects-to">
              Connects to
            </Text>
            <SegmentedControl
              fullWidth
              mt={4}
              aria-labelledby="connects-to"
              data={[
                { value: 'practice', label: 'Practice service' },
                { value: 'real', label: 'Real account' },
              ]}
              value={mode}
              onChange={(value) => {
                setMode(value as CredentialMode);
                test.reset();
              }}
            />
            <Text size="sm" c="dimmed" mt={6}>
              {mode === 'practice'
                ? `Workflows use the ${type.title} that is built in. Nothing outside is read or changed, and nothing has to be filled in.`
                : 'Workflows read and change the real account from their next run on. Nothing else in them changes.'}
            </Text>
          </div>
        )}
        {mode === 'real' && (
          <>
            {shown.filter(({ ui }) => !ui.advanced).map(input)}
            {more.length > 0 && (
              <div>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  color="gray"
                  aria-expanded={advanced}
                  leftSection={
                    advanced ? <IconChevronDown size={15} aria-hidden /> : <IconChevronRight size={15} aria-hidden />
                  }
                  onClick={() => setAdvanced(!advanced)}
                >
                  More options
                </Button>
                <Collapse expanded={advanced}>
                  <Stack mt="sm">{more.map(input)}</Stack>
                </Collapse>
              </div>
            )}
          </>
        )}
        <CredentialLimitsInput limits={limits} onChange={setLimits} />
        {test.data && <TestResult result={test.data} />}
        {test.error && <ProblemNotice title="The test could not be made" error={test.error} />}
        {save.error && <ProblemNotice title="The credential was not saved" error={save.error} />}
        <Group justify="space-between" className={classes.foot ?? ''}>
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} aria-hidden />}
            loading={test.isPending}
            onClick={() => whenComplete(() => test.mutate())}
          >
            Test
          </Button>
          <Group gap="xs">
            <Button variant="default" onClick={onDone}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
