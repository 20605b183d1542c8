import { Fieldset, Group, NumberInput, Select, Stack, Switch, Textarea } from '@mantine/core';
import { useId } from 'react';
import type { WorkflowNode } from '../../spec/workflow/document.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { useCanvas, useDocument } from '../canvas/CanvasContext.tsx';
import { setFields } from '../canvas/edits.ts';
import { DurationInput } from './fields/DurationField.tsx';
import { UnknownOutcomeField } from './UnknownOutcomeField.tsx';

type Retry = NonNullable<WorkflowNode['retry']>;

/** What holds for every kind of step: errors, retries, time limits, when it starts. */
export function BehaviourTab({ node, type }: { node: WorkflowNode; type: NodeType | undefined }) {
  const { documents } = useCanvas();
  const readOnly = useDocument((state) => state.readOnly);
  const timeoutId = useId();
  const set = (fields: Parameters<typeof setFields>[2], what: string) =>
    documents.getState().apply(`Change ${what} of "${node.name}"`, (document) => setFields(document, node.id, fields), {
      joins: `behaviour:${node.id}:${what}`,
    });
  const isTrigger = type?.kind === 'trigger';
  return (
    <Fieldset variant="unstyled" disabled={readOnly}>
      <Stack>
        <Switch
          label="Disabled: records pass by as if it were not there"
          checked={node.disabled === true}
          onChange={(event) => set({ disabled: event.currentTarget.checked || undefined }, 'disabling')}
        />
        {!isTrigger && (
          <>
            <Select
              label="When the step fails"
              data={[
                { value: 'stop', label: 'This branch stops, the others go on, and the run ends failed' },
                { value: 'branch', label: 'The "error" output carries the record and the reason' },
                { value: 'continue', label: 'Go on as if nothing had happened' },
              ]}
              value={node.onError ?? 'stop'}
              allowDeselect={false}
              onChange={(value) =>
                set({ onError: value === 'stop' ? undefined : (value as WorkflowNode['onError']) }, 'failing')
              }
            />
            <Retries retry={node.retry} onChange={(retry) => set({ retry }, 'the retries')} />
            <div>
              <label htmlFor={timeoutId} style={{ fontSize: 14, fontWeight: 500 }}>
                Stop the step after
              </label>
              <DurationInput
                id={timeoutId}
                label="time limit"
                value={node.timeout}
                placeholder="10m"
                onChange={(timeout) => set({ timeout }, 'the time limit')}
              />
            </div>
            <Select
              label="It starts when"
              data={[
                { value: 'all-succeeded', label: 'all steps before it have succeeded' },
                { value: 'any-succeeded', label: 'at least one of them has succeeded' },
                { value: 'all-finished', label: 'all of them have ended, well or not' },
                { value: 'any-failed', label: 'at least one of them has failed' },
              ]}
              value={node.start ?? 'all-succeeded'}
              allowDeselect={false}
              onChange={(value) =>
                set({ start: value === 'all-succeeded' ? undefined : (value as WorkflowNode['start']) }, 'the start')
              }
            />
            {type && (
              <UnknownOutcomeField
                node={node}
                type={type}
                onChange={(unknownOutcome) => set({ unknownOutcome }, 'what happens after an interruption')}
              />
            )}
          </>
        )}
        <Textarea
          label="Notes"
          description="For people; they change nothing"
          autosize
          minRows={3}
          maxLength={10_000}
          value={node.notes ?? ''}
          onChange={(event) => set({ notes: event.currentTarget.value || undefined }, 'the notes')}
        />
      </Stack>
    </Fieldset>
  );
}

const usual: Retry = { attempts: 3, backoff: 'exponential', delay: '1s', maxDelay: '5m' };

function Retries({ retry, onChange }: { retry: Retry | undefined; onChange: (retry: Retry | undefined) => void }) {
  const id = useId();
  return (
    <Stack gap="xs">
      <Switch
        label="Try again when it fails for a reason that can pass"
        checked={retry !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? usual : undefined)}
      />
      {retry && (
        <Stack gap="xs" ps={46}>
          <Group gap="sm" align="flex-end">
            <NumberInput
              label="Tries in all"
              w={110}
              min={1}
              max={100}
              value={retry.attempts}
              onChange={(attempts) => onChange({ ...retry, attempts: Math.max(1, Number(attempts) || 1) })}
            />
            <Select
              label="Pause between them"
              w={210}
              data={[
                { value: 'exponential', label: 'Longer each time' },
                { value: 'fixed', label: 'Always the same' },
              ]}
              value={retry.backoff}
              allowDeselect={false}
              onChange={(backoff) => onChange({ ...retry, backoff: backoff === 'fixed' ? 'fixed' : 'exponential' })}
            />
          </Group>
          <div>
            <label htmlFor={`${id}-delay`} style={{ fontSize: 14, fontWeight: 500 }}>
              First pause
            </label>
            <DurationInput
              id={`${id}-delay`}
              label="first pause"
              value={retry.delay}
              onChange={(delay) => onChange({ ...retry, delay: delay ?? usual.delay })}
            />
          </div>
          {retry.backoff === 'exponential' && (
            <div>
              <label htmlFor={`${id}-most`} style={{ fontSize: 14, fontWeight: 500 }}>
                Longest pause
              </label>
              <DurationInput
                id={`${id}-most`}
                label="longest pause"
                value={retry.maxDelay}
                onChange={(maxDelay) => onChange({ ...retry, maxDelay: maxDelay ?? usual.maxDelay })}
              />
            </div>
          )}
        </Stack>
      )}
    </Stack>
  );
}
