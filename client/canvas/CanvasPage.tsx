import { Center } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { can } from '../../spec/api/permission.ts';
import { nodeTypesQuery, sessionQuery, workflowQuery } from '../api/queries.ts';
import { PageLoading } from '../app/PageLoading.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { CanvasWorkspace } from './CanvasWorkspace.tsx';

export function CanvasPage() {
  const { id = '' } = useParams();
  return <OpenWorkflow key={id} id={id} />;
}

function OpenWorkflow({ id }: { id: string }) {
  // The server's answer is only where editing begins: later ones are for the publication state and never replace the draft.
  const [opened] = useState(() => Date.now());
  const workflow = useQuery(workflowQuery(id));
  const types = useQuery(nodeTypesQuery);
  const role = useQuery(sessionQuery).data?.user?.role;
  const failed = workflow.error ?? types.error;
  if (failed) {
    return (
      <Center h="100%" p="md">
        <ProblemNotice
          title="The workflow could not be opened"
          error={failed}
          onRetry={() => {
            void workflow.refetch();
            void types.refetch();
          }}
        />
      </Center>
    );
  }
  const fresh = workflow.dataUpdatedAt >= opened || !workflow.isFetching;
  if (!workflow.data || !types.data || !fresh) return <PageLoading />;
  return (
    <CanvasWorkspace
      state={workflow.data}
      types={types.data}
      readOnly={role === undefined || !can(role, 'workflow.edit')}
    />
  );
}
