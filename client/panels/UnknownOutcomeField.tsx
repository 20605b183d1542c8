import { Select } from '@mantine/core';
import type { WorkflowNode } from '../../spec/workflow/document.ts';
import { canAsk, effectOf } from '../../spec/workflow/effect.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';

type Policy = NonNullable<WorkflowNode['unknownOutcome']>;

interface Props {
  readonly node: WorkflowNode;
  readonly type: NodeType;
  readonly onChange: (policy: Policy | undefined) => void;
}

/** What to do about a call of which nobody knows whether it took effect; nothing for steps that may be repeated. */
export function UnknownOutcomeField({ node, type, onChange }: Props) {
  if (effectOf(type.effect, node.params) !== 'once') return null;
  return (
    <Select
      label="If nobody knows whether it took effect"
      description={`After a crash, or when the service fails or the connection breaks before the answer. ${askingWords(type, node)}`}
      data={[
        { value: 'ask', label: 'Ask a person, under "Needs you"' },
        { value: 'assume-done', label: 'Take it as done: rather not at all than twice' },
        { value: 'repeat', label: 'Do it again: rather twice than not at all' },
      ]}
      value={node.unknownOutcome ?? 'ask'}
      allowDeselect={false}
      onChange={(value) => onChange(value === 'ask' ? undefined : (value as Policy))}
    />
  );
}

/** Whether the step asks its service before this setting counts. */
function askingWords(type: NodeType, node: WorkflowNode): string {
  if (canAsk(type, node.params)) return 'The step asks the service first; this counts only if the service cannot tell.';
  const needs = (type.verify?.needs ?? []).map((name) => `"${type.params.properties?.[name]?.ui?.label ?? name}"`);
  if (needs.length === 0) return 'The service cannot be asked, so this counts.';
  return `The step can ask the service first once ${needs.join(' or ')} is filled in; until then this counts.`;
}
