import { Badge, Button, Drawer, Group, Loader, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { asProblem } from '../api/problem-error.ts';
import { formatAgo, formatDateTime } from '../ui/format.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { useCanvas, useDocument, useUi } from './CanvasContext.tsx';

/** Every saved state, newest first, each a way back. */
export function HistoryDrawer() {
  const { ui } = useCanvas();
  const opened = useUi((state) => state.dialog === 'history');
  return (
    <Drawer opened={opened} onClose={() => ui.setState({ dialog: undefined })} position="right" title="History">
      {opened && <Entries />}
    </Drawer>
  );
}

function Entries() {
  const { workflowId, documents } = useCanvas();
  const readOnly = useDocument((state) => state.readOnly);
  const history = useQuery({
    queryKey: ['workflows', workflowId, 'history'],
    queryFn: async ({ signal }) => (await call(routes.getHistory, { id: workflowId }, { signal })).entries,
    staleTime: 0,
  });
  const bring = useMutation({
    mutationFn: (commit: string) => call(routes.getPastDocument, { id: workflowId, commit }),
    onSuccess: (document) => documents.getState().apply('Bring back an earlier state', () => document),
    onError: (error) =>
      notifications.show({ color: 'red', title: 'Not brought back', message: asProblem(error).message }),
  });
  if (history.isPending) return <Loader size="sm" aria-label="Loading the history" />;
  if (history.error) {
    return (
      <ProblemNotice
        title="The history could not be loaded"
        error={history.error}
        onRetry={() => void history.refetch()}
      />
    );
  }
  return (
    <Stack gap="sm">
      {history.data.length === 0 && <Text size="sm">Nothing was saved yet.</Text>}
      {history.data.map((entry) => (
        <Group key={entry.commit} justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Text size="sm">{entry.message}</Text>
            <Text size="xs" c="dimmed" title={formatDateTime(entry.at)}>
              {formatAgo(entry.at)} · {entry.author} {entry.version && <Badge size="xs">Published</Badge>}
            </Text>
          </div>
          <Button
            size="compact-xs"
            variant="default"
            disabled={readOnly}
            loading={bring.isPending && bring.variables === entry.commit}
            onClick={() => bring.mutate(entry.commit)}
          >
            Bring back
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
