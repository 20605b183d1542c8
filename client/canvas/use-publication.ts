import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { routes } from '../../spec/api/routes.ts';
import { type Differences, differences } from '../../spec/workflow/differences.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { call } from '../api/call.ts';
import { asProblem } from '../api/problem-error.ts';
import { workflowQuery } from '../api/queries.ts';
import { useCanvas, useDocument } from './CanvasContext.tsx';

/** How the draft stands to what is live. */
export type PublicationState = 'never' | 'loading' | 'same' | 'differs';

export function usePublication() {
  const { workflowId, autosave } = useCanvas();
  const client = useQueryClient();
  const draft = useDocument((state) => state.document);
  const publication = useQuery(workflowQuery(workflowId)).data?.published ?? null;
  const published = useQuery({
    queryKey: ['workflows', workflowId, 'published', publication?.version],
    queryFn: ({ signal }) => call(routes.getPublished, { id: workflowId }, { signal }),
    enabled: publication !== null,
    staleTime: Number.POSITIVE_INFINITY,
  }).data as Workflow | undefined;
  const difference: Differences | undefined = useMemo(
    () => (published ? differences(draft, published) : undefined),
    [draft, published],
  );
  const state: PublicationState =
    publication === null ? 'never' : difference === undefined ? 'loading' : difference.matters ? 'differs' : 'same';

  const refresh = () => client.invalidateQueries({ queryKey: ['workflows'] });
  const failed = (title: string) => (error: unknown) => {
    const problem = asProblem(error);
    const message = [problem.message, problem.remedy].filter(Boolean).join(' ');
    notifications.show({ color: 'red', title, message });
  };
  const publish = useMutation({
    mutationFn: async () => {
      await autosave.flush();
      const { save } = autosave.state.getState();
      if (save.kind === 'failed') throw save.error;
      return call(routes.publishWorkflow, { id: workflowId });
    },
    onSuccess: () =>
      notifications.show({
        color: 'green',
        message: 'Published. Triggers and schedules use this version from now on.',
      }),
    onError: failed('Not published'),
    onSettled: refresh,
  });
  const unpublish = useMutation({
    mutationFn: () => call(routes.unpublishWorkflow, { id: workflowId }),
    onSuccess: () =>
      notifications.show({ message: 'Taken offline. Its triggers start nothing until you publish again.' }),
    onError: failed('Still published'),
    onSettled: refresh,
  });
  return { state, publication, published, difference, publish, unpublish };
}
