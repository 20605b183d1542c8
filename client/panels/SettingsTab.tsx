import { Alert, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { WorkflowNode } from '../../spec/workflow/document.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import type { Problem } from '../../spec/workflow/problem.ts';
import { useCanvas, useDocument, useProblems } from '../canvas/CanvasContext.tsx';
import { setParam } from '../canvas/edits.ts';
import { CredentialPicker } from './CredentialPicker.tsx';
import { type FieldPath, FormProvider, type FormScope } from './form/FormContext.tsx';
import { ParamsForm } from './form/ParamsForm.tsx';

/** The form of a step's parameters, made from its type. */
export function SettingsTab({ node, type }: { node: WorkflowNode; type: NodeType | undefined }) {
  const { documents } = useCanvas();
  const readOnly = useDocument((state) => state.readOnly);
  const problems = useProblems((state) => state.byNode.get(node.id));
  const form = useMemo(
    (): FormScope | undefined =>
      type && { node, type, readOnly, Form: ParamsForm, problemAt: (path) => problemAt(problems, path) },
    [node, type, readOnly, problems],
  );
  if (!form) {
    return (
      <Alert color="orange" title="This kind of step is not installed">
        <Text size="sm">
          The workflow uses "{node.type}", version {node.version}. Install it, or replace the step by another.
        </Text>
      </Alert>
    );
  }
  const others = (problems ?? []).filter(({ path }) => path[2] !== 'params' && path[2] !== 'credential');
  return (
    <FormProvider value={form}>
      <Stack gap="md">
        {form.type.description && (
          <Text size="sm" c="dimmed">
            {form.type.description}
          </Text>
        )}
        {others.map((problem) => (
          <Alert key={problem.code + problem.message} color="orange" p="xs">
            <Text size="sm">{problem.message}</Text>
            <Text size="xs">{problem.remedy}</Text>
          </Alert>
        ))}
        {form.type.credentials.length > 0 && (
          <CredentialPicker
            node={node}
            type={form.type}
            problem={problems?.find(({ path }) => path[2] === 'credential')?.message}
          />
        )}
        <ParamsForm
          schema={form.type.params}
          path={[]}
          values={node.params}
          onChange={(name, value) =>
            documents
              .getState()
              .apply(`Change "${node.name}"`, (document) => setParam(document, node.id, name, value), {
                joins: `param:${node.id}:${name}`,
              })
          }
        />
        {Object.keys(form.type.params.properties ?? {}).length === 0 && form.type.credentials.length === 0 && (
          <Text size="sm">This step needs no settings.</Text>
        )}
      </Stack>
    </FormProvider>
  );
}

/**
 * The problem of exactly this parameter; those of its parts are shown with the parts. Faulty expressions are left to the preview
 * below the editor, which says the same while typing.
 */
function problemAt(problems: readonly Problem[] | undefined, path: FieldPath): string | undefined {
  const found = problems?.find((problem) => {
    const at = problem.path.slice(3);
    return (
      problem.code !== 'bad-expression' &&
      problem.path[2] === 'params' &&
      at.length === path.length &&
      at.every((part, index) => part === path[index])
    );
  });
  return found && `${found.message} ${found.remedy}`;
}
