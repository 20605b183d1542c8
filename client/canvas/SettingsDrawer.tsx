import { Drawer, Fieldset, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import type { Retention, Workflow, WorkflowSettings } from '../../spec/workflow/document.ts';
import { ageProblem, sizeProblem } from '../ui/retention-words.ts';
import { useCanvas, useDocument, useProblems, useUi } from './CanvasContext.tsx';

/** What holds for the workflow as a whole. */
export function SettingsDrawer() {
  const { ui, documents } = useCanvas();
  const opened = useUi((state) => state.dialog === 'settings');
  const { settings, description } = useDocument((state) => state.document);
  const problems = useProblems((state) => state.all);
  const readOnly = useDocument((state) => state.readOnly);
  const errorOf = (name: string) => problems.find(({ path }) => path[0] === 'settings' && path[1] === name)?.message;
  const edit = (change: (document: Workflow) => Workflow, joins: string) =>
    documents.getState().apply('Change the workflow settings', change, { joins: `settings:${joins}` });
  const set = (name: keyof WorkflowSettings, value: string | number | undefined) =>
    edit((document) => {
      const entries = Object.entries({ ...document.settings, [name]: value }).filter(
        ([, kept]) => kept !== undefined && kept !== '',
      );
      return { ...document, settings: Object.fromEntries(entries) as WorkflowSettings };
    }, name);
  const setRetention = (name: keyof Retention, value: string) =>
    edit((document) => withRetention(document, name, value), `retention-${name}`);
  return (
    <Drawer
      opened={opened}
      onClose={() => ui.setState({ dialog: undefined })}
      position="right"
      title="Workflow settings"
    >
      <Fieldset variant="unstyled" disabled={readOnly}>
        <Stack>
          <Textarea
            label="Description"
            autosize
            minRows={2}
            value={description ?? ''}
            onChange={({ currentTarget: { value } }) =>
              edit(
                ({ description: _, ...rest }) => (value === '' ? rest : { ...rest, description: value }),
                'description',
              )
            }
          />
          <Select
            label="Time zone"
            description="In which schedules run and dates are read and written"
            searchable
            clearable
            placeholder="That of this installation"
            data={Intl.supportedValuesOf('timeZone')}
            value={settings.timezone ?? null}
            onChange={(value) => set('timezone', value ?? undefined)}
            error={errorOf('timezone')}
          />
          <Select
            label="When it should start while it still runs"
            clearable
            placeholder="Wait for its turn"
            data={[
              { value: 'queue', label: 'Wait for its turn' },
              { value: 'skip', label: 'Leave it out' },
              { value: 'cancel-older', label: 'Stop the older run' },
            ]}
            value={settings.overlap ?? null}
            onChange={(value) => set('overlap', value ?? undefined)}
          />
          <NumberInput
            label="Runs at the same time"
            min={1}
            max={10_000}
            placeholder="1"
            value={settings.maxParallelRuns ?? ''}
            onChange={(value) => set('maxParallelRuns', typeof value === 'number' ? value : undefined)}
          />
          <TextInput
            label="Stop a run after"
            placeholder="2h"
            description='Such as "30m" or "2h"'
            value={settings.timeout ?? ''}
            onChange={({ currentTarget: { value } }) => set('timeout', value)}
            error={errorOf('timeout')}
          />
          <Select
            label="Runs to keep"
            clearable
            placeholder="All"
            data={[
              { value: 'all', label: 'All' },
              { value: 'failed', label: 'Only those that did not succeed' },
            ]}
            value={settings.saveRuns ?? null}
            onChange={(value) => set('saveRuns', value ?? undefined)}
          />
          <TextInput
            label="Keep a run for"
            description='After its end: such as "7d", or "forever"'
            placeholder="As this installation does"
            value={settings.retention?.age ?? ''}
            onChange={({ currentTarget: { value } }) => setRetention('age', value)}
            error={ageProblem(settings.retention?.age ?? '')}
          />
          <TextInput
            label="Space for its runs"
            description='Such as "500 MB", or "unlimited"; the oldest go first'
            placeholder="As this installation does"
            value={settings.retention?.size ?? ''}
            onChange={({ currentTarget: { value } }) => setRetention('size', value)}
            error={sizeProblem(settings.retention?.size ?? '')}
          />
        </Stack>
      </Fieldset>
    </Drawer>
  );
}

function withRetention(document: Workflow, name: keyof Retention, value: string): Workflow {
  const { retention, ...settings } = document.settings;
  const said = Object.entries({ ...retention, [name]: value }).filter(([, kept]) => kept !== undefined && kept !== '');
  return {
    ...document,
    settings: said.length === 0 ? settings : { ...settings, retention: Object.fromEntries(said) },
  };
}
